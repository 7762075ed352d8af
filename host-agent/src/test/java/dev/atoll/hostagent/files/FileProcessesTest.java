package dev.atoll.hostagent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.runtime.ProcessService;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges on services that are ordinary processes of this machine. */
class FileProcessesTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path directory;

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final FileMetrics counted = new FileMetrics(metrics);
    private final List<ProcessService> started = new ArrayList<>();
    private long now;
    private final FileProcesses processes = new FileProcesses(
            this::start,
            new FileTools(
                    new FileSettings(2, 1, SHORT, Duration.ofSeconds(60), Duration.ofSeconds(30)),
                    counted,
                    timers,
                    () -> now));

    private ProcessService start(List<String> arguments) {
        try {
            ProcessService service = ProcessService.start(NativeGuest.binary(), arguments);
            started.add(service);
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void end() {
        processes.close();
        timers.shutdownNow();
    }

    private FileConversation begin(FileOperation operation) {
        return FileConversation.begin(
                () -> processes.take(
                        "", directory.toString(), Optional.empty(), operation instanceof FileOperation.Watch),
                operation,
                counted,
                () -> false);
    }

    private FileOperation.Write write(String name) {
        return new FileOperation.Write(
                FilePath.of(name), Optional.empty(), false, OptionalInt.empty(), Optional.empty(), false);
    }

    private FileOperation.Stat stat(String name) {
        return new FileOperation.Stat(FilePath.of(name), false, false);
    }

    private static List<FileEvent> all(FileConversation conversation) {
        List<FileEvent> events = new ArrayList<>();
        for (Optional<FileEvent> next = conversation.next(); next.isPresent(); next = conversation.next()) {
            events.add(next.get());
        }
        return events;
    }

    private double gauge() {
        return metrics.get("atoll.files.processes").gauge().value();
    }

    @Test
    void oneProcessDoesOneOperationAfterAnother() throws Exception {
        try (FileConversation write = begin(write("f"))) {
            write.content(ByteBuffer.wrap(new byte[] {'a'}));
            write.contentEnds();
            FileEvent.Done done = (FileEvent.Done) all(write).getLast();
            assertThat(done.entry().orElseThrow().sha256().orElseThrow().hex())
                    .startsWith("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
        }
        for (int i = 0; i < 10; i++) {
            try (FileConversation stat = begin(stat("f"))) {
                assertThat(all(stat)).hasSize(2);
            }
        }
        try (FileConversation missing = begin(stat("missing"))) {
            assertThatThrownBy(() -> all(missing)).isInstanceOf(ProblemException.class);
        }
        assertThatThrownBy(() -> begin(new FileOperation.Read(FilePath.of("f"), -1, 1)))
                .isInstanceOf(ProblemException.class);
        assertThat(started).hasSize(1);
        assertThat(gauge()).isEqualTo(1);
        now += Duration.ofSeconds(61).toNanos();
        processes.endIdle();
        assertThat(gauge()).isZero();
        assertThat(started.getFirst().process().waitFor()).isNotNegative();
    }

    @Test
    void anOperationThatFailedEarlyTakesTheRestOfItsContentAndTheProcessGoesOn() {
        try (FileConversation write = begin(write("no/such/f"))) {
            assertThatThrownBy(write::next)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.FILE_NOT_FOUND));
            write.content(ByteBuffer.wrap(new byte[100_000]));
        }
        try (FileConversation stat = begin(stat("."))) {
            assertThat(all(stat)).hasSize(2);
        }
        assertThat(started).hasSize(1);
    }

    @Test
    void whatIsGivenUpLeavesNothingAndItsProcessEnds() throws Exception {
        FileConversation write = begin(write("f"));
        write.content(ByteBuffer.wrap(new byte[1_000_000]));
        write.close();
        assertThat(started.getFirst().process().waitFor()).isNotNegative();
        assertThat(Files.exists(directory.resolve("f"))).isFalse();
        assertThat(gauge()).isZero();
        try (FileConversation stat = begin(stat("."))) {
            assertThat(all(stat)).hasSize(2);
        }
    }

    @Test
    void moreThanMayBeAtOnceAreRefused() {
        FileOperation.Watch watch = new FileOperation.Watch(FilePath.of("."), true);
        try (FileConversation watching = begin(watch);
                FileConversation first = begin(write("a"));
                FileConversation second = begin(write("b"))) {
            assertThat(watching.next()).contains(new FileEvent.Watching());
            for (FileOperation more : List.of(watch, stat("."))) {
                assertThatThrownBy(() -> begin(more))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.TOO_MANY_TRANSFERS));
            }
            first.contentEnds();
            assertThat(all(first)).hasSize(1);
            first.close();
            try (FileConversation stat = begin(stat("a"))) {
                assertThat(all(stat)).hasSize(2);
            }
            assertThat(second.takesContent()).isTrue();
        }
    }

    @Test
    void aProcessThatDiedMeanwhileIsReplaced() throws Exception {
        try (FileConversation stat = begin(stat("."))) {
            assertThat(all(stat)).hasSize(2);
        }
        started.getFirst().process().destroyForcibly().waitFor();
        try (FileConversation stat = begin(stat("."))) {
            assertThat(all(stat)).hasSize(2);
        }
        assertThat(started).hasSize(2);
    }

    @Test
    void changesGetTheirPartsOfTheContent() throws Exception {
        FileOperation.Apply apply = new FileOperation.Apply(List.of(
                new FileOperation.Change.Put(FilePath.of("a"), 2, OptionalInt.empty(), Optional.empty(), false),
                new FileOperation.Change.Put(FilePath.of("empty"), 0, OptionalInt.empty(), Optional.empty(), false),
                new FileOperation.Change.Rename(FilePath.of("a"), FilePath.of("c")),
                new FileOperation.Change.Put(FilePath.of("b"), 3, OptionalInt.empty(), Optional.empty(), false)));
        try (FileConversation applying = begin(apply)) {
            applying.content(ByteBuffer.wrap(new byte[] {'1', '2', '3'}));
            applying.content(ByteBuffer.wrap(new byte[] {'4', '5'}));
            applying.contentEnds();
            all(applying);
        }
        assertThat(Files.readString(directory.resolve("c"))).isEqualTo("12");
        assertThat(Files.readString(directory.resolve("b"))).isEqualTo("345");
        assertThat(Files.size(directory.resolve("empty"))).isZero();
        try (FileConversation cut = begin(apply)) {
            cut.content(ByteBuffer.wrap(new byte[] {'1', '2', '3'}));
            cut.contentEnds();
            assertThatThrownBy(() -> all(cut)).isInstanceOf(ProblemException.class);
        }
    }
}
