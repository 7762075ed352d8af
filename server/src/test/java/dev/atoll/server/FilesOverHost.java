package dev.atoll.server;

import dev.atoll.hostagent.HostAgent;
import dev.atoll.hostagent.HostAgentSettings;
import dev.atoll.hostagent.HostAgentWiring;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.manager.host.CallSettings;
import dev.atoll.manager.host.FileExchange;
import dev.atoll.manager.host.GrpcHostClient;
import dev.atoll.manager.host.HostClient;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A real host with one sandbox, as the control plane has it: for files and nothing else. */
final class FilesOverHost implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path data = Files.createTempDirectory(Path.of("/tmp"), "fhost");
    private final Ids ids = new Ids(new SecureRandom());
    private final HostAgent agent;
    private final HostLink link;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final HostClient client;
    final SandboxId sandbox = ids.sandbox();

    FilesOverHost() throws Exception {
        String runsc = Optional.ofNullable(System.getenv("ATOLL_RUNSC")).orElse("/var/lib/atoll/runtime/runsc");
        agent = HostAgentWiring.start(HostAgentSettings.of(data, Path.of(runsc)), metrics, Clock.systemUTC());
        link = HostLink.inProcess(data.toString()).to(agent.services());
        client = new GrpcHostClient(link.channel(), CallSettings.DEFAULTS);
        ImageName image = new ImageName("busybox");
        client.images().importArchive(image, new ByteArrayInputStream(TestImages.busyboxTar()));
        SandboxSize size =
                new SandboxSize(new CpuAmount(2_000), new MemorySize(1L << 30), new MemorySize(6L << 30), 256);
        client.sandboxes()
                .prepare(
                        sandbox,
                        1,
                        new SandboxSpec(Optional.empty(), image, size, Duration.ofHours(1), Map.of(), Map.of(), false));
    }

    FileExchange begin(FileOperation operation) {
        return client.files().begin(sandbox, FileReach.USUAL, operation);
    }

    /** All events; content goes in pieces, from another thread. */
    List<FileEvent> run(FileOperation operation, byte[]... content) {
        try (FileExchange exchange = begin(operation)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                if (operation.takesData()) {
                    for (byte[] piece : content) {
                        exchange.send(ByteBuffer.wrap(piece));
                    }
                    exchange.sent();
                }
            });
            List<FileEvent> events = new ArrayList<>();
            do {
                events.add(exchange.next(PATIENCE).orElseThrow());
            } while (!(events.getLast() instanceof FileEvent.Done));
            sent.join();
            return events;
        }
    }

    Exec sh(String script) {
        return client.execs().start(sandbox, ids.exec(), ExecSpec.of(List.of("sh", "-c", script)), PATIENCE);
    }

    @Override
    public void close() throws Exception {
        client.sandboxes().stop(sandbox, 1);
        link.close();
        agent.drain();
        agent.close();
        String cgroup = HostAgentSettings.cgroupParentOf(data);
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.filter(Files::isDirectory).toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroup));
            }
        }
        Files.deleteIfExists(Path.of("/sys/fs/cgroup", cgroup));
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
