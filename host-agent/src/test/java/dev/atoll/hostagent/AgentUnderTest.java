package dev.atoll.hostagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.HostLeftovers;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A host agent over the pinned runsc, in a data directory of its own, with a client on an in-process channel. */
final class AgentUnderTest implements AutoCloseable {
    private final Path data;
    private final UnaryOperator<HostAgentSettings> change;
    private final HostLeftovers before;
    private SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private HostAgent agent;
    private Server server;
    private ManagedChannel channel;
    private HostClient client;

    private AgentUnderTest(Path data, UnaryOperator<HostAgentSettings> change) throws Exception {
        this.data = data;
        this.change = change;
        this.before = HostLeftovers.snapshot(data, HostAgentSettings.cgroupParentOf(data));
        open();
        client.importBusybox();
    }

    static AgentUnderTest start() throws Exception {
        return start(settings -> settings);
    }

    static AgentUnderTest start(UnaryOperator<HostAgentSettings> change) throws Exception {
        return new AgentUnderTest(Files.createTempDirectory(Path.of("/tmp"), "ahost"), change);
    }

    HostClient client() {
        return client;
    }

    HostAgent agent() {
        return agent;
    }

    Path data() {
        return data;
    }

    SimpleMeterRegistry metrics() {
        return metrics;
    }

    /** As if the process had been killed and started anew. */
    void crashAndRestart() throws Exception {
        stop();
        restart();
    }

    /** As if the process had been killed. */
    void stop() {
        closeTransport();
        agent.abandon();
    }

    void restart() throws IOException {
        open();
    }

    /** Processes on this host that belong to this agent's boxes. */
    long processes() throws IOException {
        return HostLeftovers.snapshot(data, HostAgentSettings.cgroupParentOf(data)).things().stream()
                .filter(thing -> thing.startsWith("process "))
                .filter(thing -> !thing.contains("(zombie)"))
                .count();
    }

    /** What there is below the data directory and in the control group that a host without sandboxes would not have. */
    Set<String> leftovers() throws IOException {
        Set<String> found = HostLeftovers.snapshot(data, HostAgentSettings.cgroupParentOf(data))
                .since(before);
        found.removeIf(thing -> thing.startsWith("file ") && (!ofSandbox(thing) || ofRecords(thing)));
        return found;
    }

    /** What ended sandboxes said stays for a while. */
    private boolean ofRecords(String thing) {
        return thing.matches("file " + data + "/sandboxes/sbx_[a-z2-7]{20}(/execs(/.*)?)?");
    }

    private boolean ofSandbox(String thing) {
        return thing.matches("file " + data + "/(sandboxes|boxes|journal/[^/]+|runsc/[^/]+)/.+")
                && !thing.contains("/null-netns");
    }

    private void open() throws IOException {
        HostAgentSettings settings = change.apply(HostAgentSettings.of(data, pinnedRunsc()));
        metrics = new SimpleMeterRegistry();
        agent = HostAgentWiring.start(settings, metrics, Clock.systemUTC());
        String name = UUID.randomUUID().toString();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addServices(agent.services())
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        client = new HostClient(channel);
    }

    @Override
    public void close() throws Exception {
        closeTransport();
        agent.drain();
        agent.close();
        assertThat(leftovers()).as("left after the agent was closed").isEmpty();
        removeCgroupParent();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The empty group in each hierarchy: an agent keeps it for its next life. */
    private void removeCgroupParent() throws IOException {
        Path cgroups = Path.of("/sys/fs/cgroup");
        try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(cgroups, Files::isDirectory)) {
            for (Path hierarchy : hierarchies) {
                Files.deleteIfExists(hierarchy.resolve(HostAgentSettings.cgroupParentOf(data)));
            }
        }
        Files.deleteIfExists(cgroups.resolve(HostAgentSettings.cgroupParentOf(data)));
    }

    private void closeTransport() {
        channel.shutdownNow();
        server.shutdownNow();
        try {
            if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Path pinnedRunsc() {
        String home = Optional.ofNullable(System.getenv("ATOLL_HOME")).orElse("/var/lib/atoll");
        Path path =
                Optional.ofNullable(System.getenv("ATOLL_RUNSC")).map(Path::of).orElse(Path.of(home, "runtime/runsc"));
        if (!Files.isExecutable(path)) {
            throw new AssertionError("this test needs " + path + ": run ./atoll test, or isolation/runtime/build.sh "
                    + path.getParent() + ", or set ATOLL_RUNSC");
        }
        return path;
    }
}
