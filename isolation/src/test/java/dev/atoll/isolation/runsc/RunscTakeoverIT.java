package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.linux.LinuxProcesses;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.HostLeftovers;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another JVM makes boxes and is killed; what it leaves is taken over, finished or not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunscTakeoverIT {

    private static final String CGROUP_PARENT = "atoll-test-takeover";
    private static final int BOXES = 2;

    private Path directory;
    private Poller poller;
    private HostLeftovers before;

    @BeforeEach
    void make() throws Exception {
        LinuxProcesses.becomeChildSubreaper();
        directory = Files.createTempDirectory("atoll-");
        TestRoots.directory(directory.resolve("tree"));
        TestRoots.shell(directory.resolve("init"));
        poller = new Poller(Thread.ofPlatform().daemon().factory());
        before = HostLeftovers.snapshot(directory.resolve("rt"), CGROUP_PARENT);
    }

    @AfterEach
    void remove() throws Exception {
        poller.close();
        BoxFixture.removeTree(directory);
    }

    private RunscRuntime open(Path runsc) {
        RunscSettings settings =
                RunscSettings.of(runsc, directory.resolve("rt")).withCgroupParent(CGROUP_PARENT);
        return RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
    }

    /** Kills the other JVM while it makes its third box, so early that runsc goes on with it alone. */
    private List<BoxId> boxesOfAKilledAgent(Path runsc) throws Exception {
        Process agent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedAgent.class.getName(),
                        runsc.toString(),
                        directory.toString(),
                        CGROUP_PARENT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<BoxId> started = new ArrayList<>();
        try (BufferedReader lines = agent.inputReader()) {
            String line = lines.readLine();
            while (line != null && !(line.startsWith("making") && started.size() == BOXES)) {
                if (line.startsWith("started ")) {
                    started.add(new BoxId(line.substring("started ".length())));
                }
                line = lines.readLine();
            }
        } finally {
            agent.destroyForcibly().waitFor();
        }
        assertThat(started).hasSize(BOXES);
        return started;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pinned", "floor"})
    void boxesOutliveTheAgentAndAreTakenOver(String build) throws Exception {
        Path runsc = build.equals("pinned") ? RunscUnderTest.pinned() : RunscUnderTest.floor();
        List<BoxId> started = boxesOfAKilledAgent(runsc);

        try (RunscRuntime later = open(runsc)) {
            assertThat(later.list()).containsAll(started);
            BoxFixture fixture = new BoxFixture(directory.resolve("b"), directory.resolve("init"));
            BoxId first = started.getFirst();
            try (ShellInBox shell = new ShellInBox(poller, fixture.stdin(first), fixture.stdout(first))) {
                assertThat(shell.run("echo still here")).isEqualTo("still here");
                assertThat(later.usage(first).pids()).isPositive();
                shell.send("exit 9");
            }
            assertThat(later.awaitExit(first)).isEqualTo(new BoxExit.Exited(9));
            later.signal(started.get(1), LinuxProcesses.SIGKILL);
            assertThat(later.awaitExit(started.get(1))).isEqualTo(new BoxExit.Signaled(LinuxProcesses.SIGKILL));

            later.list().forEach(later::destroy);

            assertThat(later.list()).isEmpty();
        }
        collectLaunchers();
        BoxFixture.removeTree(directory.resolve("rt"));
        assertThat(HostLeftovers.snapshot(directory.resolve("rt"), CGROUP_PARENT)
                        .since(before))
                .isEmpty();
    }

    /**
     * This JVM is an ancestor of the killed one and so inherits the {@code runsc create} that it was waiting for. A real
     * successor is not: there, init collects it.
     */
    private static void collectLaunchers() throws Exception {
        for (long pid : ProcessTable.pids()) {
            var launcher = ProcessTable.entry(pid)
                    .filter(entry -> entry.dead() && entry.name().equals("runsc"))
                    .filter(entry -> entry.parent() == ProcessHandle.current().pid());
            if (launcher.isPresent()) {
                LinuxProcesses.reap(pid);
            }
        }
    }
}
