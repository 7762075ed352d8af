package dev.atoll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files of a real sandbox from the control plane's side: exchanges over gRPC, their flow, their ends. */
class HostFilesIT {
    private static FilesOverHost host;

    @BeforeAll
    static void start() throws Exception {
        host = new FilesOverHost();
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
    }

    private static FileOperation.Write write(String path) {
        return new FileOperation.Write(
                FilePath.of(path), Optional.empty(), true, OptionalInt.empty(), Optional.empty(), false);
    }

    private static FileOperation.Stat stat(String path) {
        return new FileOperation.Stat(FilePath.of(path), true, true);
    }

    private static FileOperation.Read read(String path) {
        return new FileOperation.Read(FilePath.of(path), 0, Long.MAX_VALUE);
    }

    private static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static void assertProblem(ProblemCode code, Runnable what) {
        assertThatThrownBy(what::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    private static double processes() {
        return host.metrics.get("atoll.files.processes").gauge().value();
    }

    @Test
    void contentGoesInAndComesOutAsItIs() throws Exception {
        byte[] content = random(10_000_001);
        FileEntry written = ((FileEvent.Done) host.run(write("/w/f"), content).getLast())
                .entry()
                .orElseThrow();
        assertThat(written.sha256().orElseThrow().hex())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        FileEvent.Entry seen = (FileEvent.Entry) host.run(stat("/w/f")).getFirst();
        assertThat(seen.entry().sha256()).isEqualTo(written.sha256());

        ByteBuffer back = ByteBuffer.allocate(content.length);
        for (FileEvent event : host.run(read("/w/f"))) {
            if (event instanceof FileEvent.Data(ByteBuffer bytes)) {
                back.put(bytes);
            }
        }
        assertThat(back.array()).isEqualTo(content);
    }

    @Test
    void whatIsNotReadStaysThereAndWhatIsClosedEnds() {
        host.run(write("/big"), random(50_000_000));
        FileExchange slow = host.begin(read("/big"));
        assertThat(slow.next(FilesOverHost.PATIENCE)).isPresent();
        assertThat(slow.next(FilesOverHost.PATIENCE)).isPresent();
        double before = host.metrics
                .get("atoll.files")
                .tag("direction", "read")
                .counter()
                .count();
        slow.close();
        slow.close();
        assertThat(slow.next(Duration.ZERO)).isEmpty();
        assertThat(before).isLessThan(60_000_000);
        host.run(stat("/big"));
    }

    @Test
    void anUploadThatBreaksOffLeavesTheOldFile() {
        host.run(write("/half/f"), new byte[] {'o'});
        try (FileExchange broken = host.begin(write("/half/f"))) {
            broken.send(ByteBuffer.wrap(random(3_000_000)));
        }
        FileOperation.ListDirectory list =
                new FileOperation.ListDirectory(FilePath.of("/half"), 1, Optional.empty(), 10);
        Awaitility.await().until(() -> host.run(list).size() == 2);
        assertThat(((FileEvent.Entry) host.run(stat("/half/f")).getFirst())
                        .entry()
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aFailureComesBeforeAllIsSent() {
        assertProblem(ProblemCode.IS_A_DIRECTORY, () -> host.run(write("/etc"), random(20_000_000)));
        assertProblem(ProblemCode.FILE_NOT_FOUND, () -> host.run(stat("/missing")));
        assertProblem(ProblemCode.USER_NOT_FOUND, () -> {
            try (FileExchange exchange =
                    host.client.files().begin(host.sandbox, FileReach.of(Optional.of("nobody-here")), stat("/"))) {
                var _ = exchange.next(FilesOverHost.PATIENCE);
            }
        });
        assertProblem(ProblemCode.SANDBOX_NOT_FOUND, () -> {
            try (FileExchange exchange =
                    host.client.files().begin(new SandboxId("sbx_aaaaaaaaaaaaaaaaaaaa"), FileReach.USUAL, stat("/"))) {
                var _ = exchange.next(FilesOverHost.PATIENCE);
            }
        });
    }

    @Test
    void manyAtOnceTakeTurns() throws Exception {
        host.run(write("/many"), random(1_000_000));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String name = "/turns/f" + i % 20;
                all.add(threads.submit(() -> host.run(write(name), random(10_000))));
                all.add(threads.submit(() -> host.run(read("/many"))));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(processes()).isLessThanOrEqualTo(16);
    }

    @Test
    void aWatchSeesAndIsClosed() {
        host.sh("mkdir -p /watched");
        try (FileExchange watch = host.begin(new FileOperation.Watch(FilePath.of("/watched"), true))) {
            assertThat(watch.next(FilesOverHost.PATIENCE)).contains(new FileEvent.Watching());
            host.run(write("/watched/f"), new byte[1]);
            assertThat(watch.next(FilesOverHost.PATIENCE)).isPresent();
        }
    }
}
