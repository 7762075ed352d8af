package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.SandboxCheckpointContract;
import dev.atoll.isolation.runtime.SandboxRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract against a real runsc, and what only a real sandbox can show. */
abstract class RunscContract extends SandboxCheckpointContract {

    protected static final long MEMORY_BYTES = 128L << 20;
    private static final int CPU_MILLIS = 2_000;

    private static Path shared;
    static Path tree;
    static Path image;
    private static Path pid1;
    static Poller poller;

    private final AtomicInteger images = new AtomicInteger();
    private Path directory;
    private HostLeftovers before;

    /** The executable under test. */
    protected abstract Path runsc();

    /** A group of this class's own: two classes may run at once. */
    protected abstract String cgroupParent();

    @BeforeAll
    static void makeRoots() throws Exception {
        shared = Files.createTempDirectory("atoll-roots-");
        tree = TestRoots.directory(shared.resolve("tree"));
        image = TestRoots.erofs(tree, shared.resolve("image.erofs"));
        pid1 = TestRoots.shell(shared.resolve("init"));
        poller = new Poller(Thread.ofPlatform().daemon().name("poller").factory());
    }

    @AfterAll
    static void removeRoots() throws IOException {
        poller.close();
        BoxFixture.removeTree(shared);
    }

    @BeforeEach
    void lookAround() throws IOException {
        before = HostLeftovers.snapshot(directory(), cgroupParent());
    }

    final synchronized Path directory() throws IOException {
        if (directory == null) {
            directory = Files.createTempDirectory("atoll-");
        }
        return directory;
    }

    final RunscSettings settings() throws IOException {
        return RunscSettings.of(runsc(), directory().resolve("rt")).withCgroupParent(cgroupParent());
    }

    @Override
    protected SandboxRuntime openRuntime() throws IOException {
        return open(settings());
    }

    static SandboxRuntime open(RunscSettings settings) {
        return RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
    }

    @Override
    protected BoxSpec newSpec() throws IOException {
        return newSpec(new RootFilesystem.DirectoryTree(tree), BoxLimits.of(MEMORY_BYTES, CPU_MILLIS));
    }

    @Override
    protected BoxSpec newSpecOfMemory(long bytes) throws IOException {
        return newSpec(new RootFilesystem.DirectoryTree(tree), BoxLimits.of(bytes, CPU_MILLIS));
    }

    @Override
    protected Path newImageDirectory() throws IOException {
        // Among what the caller makes for boxes, which is removed before anything is counted.
        return Files.createDirectories(directory().resolve("b")).resolve("image-" + images.incrementAndGet());
    }

    protected final BoxSpec newSpec(RootFilesystem root, BoxLimits limits) throws IOException {
        return new BoxFixture(directory().resolve("b"), pid1).newSpec(root, limits);
    }

    protected final ShellInBox shell(BoxSpec spec) throws IOException {
        return new ShellInBox(poller, spec.stdin(), spec.stdout());
    }

    @Override
    protected void letPid1Exit(BoxSpec spec, int code) throws IOException {
        try (ShellInBox shell = shell(spec)) {
            shell.send("exit " + code);
        }
    }

    @Override
    protected void assertNothingLeft() throws IOException {
        // The boxes' own directories are the caller's; what the runtime makes lies in others.
        BoxFixture.removeTree(directory().resolve("b"));
        Set<String> left = HostLeftovers.snapshot(directory(), cgroupParent()).since(before);
        assertThat(left).isEmpty();
        BoxFixture.removeTree(directory());
    }

    @Test
    void itIsGvisorInside() throws Exception {
        try (ShellInBox shell = shell(started())) {
            assertThat(shell.run("dmesg")).contains("gVisor");
        }
    }

    @Test
    void theBoxSeesItsOwnSize() throws Exception {
        try (ShellInBox shell = shell(started())) {
            assertThat(shell.run("grep MemTotal /proc/meminfo")).contains(MEMORY_BYTES / 1024 + " kB");
            assertThat(shell.run("nproc")).isEqualTo("2");
            assertThat(shell.run("hostname")).isEqualTo("box-under-test");
            assertThat(shell.run("ulimit -n")).isEqualTo(Integer.toString(BoxLimits.DEFAULT_OPEN_FILES));
        }
    }

    @Test
    void programsInsideReachEachOtherOverLoopback() throws Exception {
        try (ShellInBox shell = shell(started())) {
            assertThat(shell.run("(echo over loopback | nc -l -p 8080) & "
                            + "until nc -w 2 127.0.0.1 8080 </dev/null 2>/dev/null | grep over; do sleep 0.05; done"))
                    .contains("over loopback");
            assertThat(shell.run("ip -o address")).contains("127.0.0.1/8").contains("::1/128");
        }
    }

    @Test
    void theHostIsOutOfReach() throws Exception {
        Path secret = Files.writeString(directory().resolve("secret"), "host only");
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ShellInBox shell = shell(started())) {
            assertThat(shell.run("cat " + secret)).contains("No such file");
            assertThat(shell.run("ls /proc | grep -c '^[0-9]'"))
                    .as("processes inside")
                    .isLessThan("9");
            assertThat(shell.run("cat /proc/" + ProcessHandle.current().pid() + "/cmdline"))
                    .contains("No such file");
            assertThat(shell.run("nc -w 1 127.0.0.1 " + listener.getLocalPort() + " </dev/null; echo status $?"))
                    .contains("status 1");
            assertThat(shell.run("ip -o link | grep -vc ' lo:'")).isEqualTo("0");
            assertThat(shell.run("mknod /dev/host b 254 0; head -c 1 /dev/host; echo status $?"))
                    .contains("status 1");
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void pid1CannotBeReplaced() throws Exception {
        String content = Files.readString(pid1);
        try (ShellInBox shell = shell(started())) {
            assertThat(shell.run("echo x >" + BoxSpec.GUEST_PATH)).contains("Read-only");
        }
        assertThat(Files.readString(pid1)).isEqualTo(content);
    }

    @Test
    void theSentryIsConfined() throws Exception {
        String status = Files.readString(Path.of(
                "/proc",
                Long.toString(runtime.find(started().id()).orElseThrow().pid()),
                "status"));

        assertThat(status).containsPattern("NoNewPrivs:\\s1").containsPattern("Seccomp:\\s2");
    }

    @Test
    void theMonitorOfTheSentrySleepsLongerThanItsOtherThreads() throws Exception {
        long pid = runtime.find(started().id()).orElseThrow().pid();
        long monitor =
                RuntimeMonitor.firstStarted(pid, ProcessTable.threads(pid)).orElseThrow();

        assertThat(timerSlack(monitor)).isEqualTo(RuntimeMonitor.SLACK_NANOS);
        assertThat(timerSlack(pid)).isLessThan(RuntimeMonitor.SLACK_NANOS);
    }

    private static long timerSlack(long thread) throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc", Long.toString(thread), "timerslack_ns"))
                .strip());
    }

    @Test
    void theHostnameCanBeSetAtClaim() throws Exception {
        try (ShellInBox shell = shell(started())) {
            assertThat(shell.run("hostname other; hostname")).isEqualTo("other");
        }
    }

    @Test
    void writesGoToTheBoxesOwnLayer() throws Exception {
        for (RootFilesystem root :
                new RootFilesystem[] {new RootFilesystem.DirectoryTree(tree), new RootFilesystem.ErofsFile(image)}) {
            BoxSpec spec = newSpec(root, BoxLimits.of(MEMORY_BYTES, CPU_MILLIS));
            runtime.create(spec);
            runtime.start(spec.id());
            try (ShellInBox shell = shell(spec)) {
                assertThat(shell.run("cat /etc/lower")).isEqualTo("from the lower layer");
                // More than the box has memory: so it cannot be there.
                assertThat(
                                shell.run(
                                        "dd if=/dev/zero of=/big bs=1M count=192 && echo changed >/etc/lower && sync; wc -c </big"))
                        .endsWith(Long.toString(192L << 20));
                assertThat(shell.run("cat /etc/lower")).isEqualTo("changed");
                assertThat(openFiles(runtime.find(spec.id()).orElseThrow().pid()))
                        .anyMatch(file -> file.startsWith(spec.writableDirectory() + "/"));
            }
            assertThat(Files.readString(tree.resolve("etc/lower"))).isEqualTo("from the lower layer\n");
            assertThat(tree.resolve("big")).doesNotExist();
            runtime.destroy(spec.id());
        }
    }

    private static List<String> openFiles(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            List<String> targets = new ArrayList<>();
            for (Path descriptor : descriptors.toList()) {
                targets.add(Files.readSymbolicLink(descriptor).toString());
            }
            return targets;
        }
    }

    @Test
    void memoryOverTheLimitEndsTheBoxWithTheFigure() throws Exception {
        BoxSpec spec = newSpec(
                new RootFilesystem.DirectoryTree(tree),
                BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES, CPU_MILLIS).withMemoryHeadroom(16L << 20));
        runtime.create(spec);
        runtime.start(spec.id());
        try (ShellInBox shell = shell(spec)) {
            // tmpfs is memory; three of them are more than the limit, though each is within its own.
            shell.send("for d in /tmp /dev/shm /tmp/more; do [ -d $d ] || { busybox mkdir $d; mount -t tmpfs t $d; };"
                    + " dd if=/dev/zero of=$d/fill bs=1M count=90; done");

            BoxExit exit = runtime.awaitExit(spec.id());

            assertThat(exit)
                    .isInstanceOfSatisfying(
                            BoxExit.OutOfMemory.class,
                            oom -> assertThat(oom.limitBytes())
                                    .isEqualTo(spec.limits().enforcedMemoryBytes()));
        }
    }

    @Test
    void theHostsEndsMayComeAndGo() throws Exception {
        BoxSpec spec = started();
        try (ShellInBox first = shell(spec)) {
            first.run("kept=value");
        }
        try (ShellInBox second = shell(spec)) {
            assertThat(second.run("echo $kept")).isEqualTo("value");
        }
    }

    @Test
    void aSentryThatIsKilledIsNoticed() throws Exception {
        BoxId id = created().id();
        ProcessHandle.of(runtime.find(id).orElseThrow().pid()).orElseThrow().destroyForcibly();

        assertThat(runtime.awaitExit(id)).isEqualTo(new BoxExit.Signaled(9));
    }

    @Test
    void aSentryThatBreaksIsNoExitOfPid1() throws Exception {
        BoxId id = started().id();
        ControlSocket socket = new ControlSocket(poller, directory().resolve("rt/state/runsc-" + id + ".sock"));

        // Nothing was paused: a sentry dies of that, which is why the runtime keeps count.
        assertThatThrownBy(() -> socket.call("containerManager.Resume", Map.of(), List.of(), Duration.ofSeconds(20)))
                .isInstanceOf(IOException.class);

        assertThat(runtime.awaitExit(id)).isInstanceOf(BoxExit.Lost.class);
    }

    @Test
    void aPausedBoxDoesNotRun() throws Exception {
        BoxSpec spec = started();
        try (ShellInBox shell = shell(spec)) {
            runtime.pause(spec.id());
            long then = runtime.usage(spec.id()).cpuNanos();
            shell.send("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; echo done");
            var answer = threads.submit(() -> shell.run("true"));
            assertThat(runtime.usage(spec.id()).cpuNanos() - then).isLessThan(1_000_000_000L);
            assertThat(answer).isNotDone();

            runtime.resume(spec.id());

            assertThat(answer.get()).contains("done");
        }
    }
}
