package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.RuntimeCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What programs inside a box meet when they want more than it may have, and what is left of the box and the host then; on every
 * accepted runsc. What only the pinned one enforces is in {@link PinnedLimitsIT}.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class LimitsContract {

    static final long MIB = 1L << 20;
    static final long DISK_BYTES = 64 * MIB;
    static final int FILES = 2_000;
    static final int PIDS = 64;

    /** Room for the names of files, which the sentry keeps outside the file that holds their contents. */
    static final BoxLimits LIMITS =
            BoxLimits.of(128 * MIB, 500, DISK_BYTES).withPids(PIDS).withInodes(FILES);

    private static Path roots;
    static RootFilesystem tree;
    static RootFilesystem image;
    private static Poller poller;

    private Path directory;
    private HostLeftovers before;
    RunscRuntime runtime;

    protected abstract Path runsc();

    protected abstract String cgroupParent();

    @BeforeAll
    static void makeRoots() throws Exception {
        roots = Files.createTempDirectory("atoll-roots-");
        Path files = TestRoots.directory(roots.resolve("tree"));
        tree = new RootFilesystem.DirectoryTree(files);
        image = new RootFilesystem.ErofsFile(TestRoots.erofs(files, roots.resolve("image.erofs")));
        poller = new Poller(Thread.ofPlatform().daemon().name("poller").factory());
    }

    @AfterAll
    static void removeRoots() throws IOException {
        poller.close();
        BoxFixture.removeTree(roots);
    }

    @BeforeEach
    void open() throws IOException {
        directory = Files.createTempDirectory("atoll-");
        before = HostLeftovers.snapshot(directory, cgroupParent());
        RunscSettings settings =
                RunscSettings.of(runsc(), directory.resolve("rt")).withCgroupParent(cgroupParent());
        runtime = RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        runtime.list().forEach(runtime::destroy);
        runtime.close();
        BoxFixture.removeTree(directory.resolve("b"));
        assertThat(HostLeftovers.snapshot(directory, cgroupParent()).since(before))
                .allMatch(thing -> thing.startsWith("file " + directory.resolve("rt")));
        BoxFixture.removeTree(directory);
    }

    final BoxSpec started(RootFilesystem root, BoxLimits limits) throws IOException {
        BoxSpec spec = new BoxFixture(directory.resolve("b"), NativeGuest.binary()).newSpec(root, limits);
        runtime.create(spec);
        runtime.start(spec.id());
        return spec;
    }

    final CommandsInBox commands(BoxSpec spec) throws Exception {
        return new CommandsInBox(poller, spec);
    }

    private boolean can(RuntimeCapability capability) {
        return runtime.describe().capabilities().contains(capability);
    }

    /** The file of a limit or a count of the box in the host's control groups, whichever version they have. */
    private Path cgroupFile(BoxId id, String name) throws IOException {
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            return Stream.concat(Stream.of(Path.of("/sys/fs/cgroup")), hierarchies)
                    .map(hierarchy -> hierarchy
                            .resolve(cgroupParent())
                            .resolve(id.value())
                            .resolve(name))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aBoxSeesItsSize() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            assertThat(box.run("nproc")).isEqualTo("1");
            assertThat(box.run("grep MemTotal /proc/meminfo")).contains(LIMITS.memoryBytes() / 1024 + " kB");
            assertThat(box.run("ulimit -n")).isEqualTo(Integer.toString(LIMITS.openFiles()));
            for (String memory : List.of("/tmp", "/dev/shm")) {
                assertThat(box.run("busybox df -k " + memory)).contains(Long.toString(LIMITS.memoryBytes() / 2 / 1024));
            }
            if (can(RuntimeCapability.WRITABLE_LAYER_SIZE)) {
                assertThat(box.run("busybox df -k /")).contains(Long.toString(DISK_BYTES / 1024));
            }
            if (can(RuntimeCapability.WRITABLE_LAYER_INODES)) {
                assertThat(box.run("busybox df -i /")).contains(Integer.toString(FILES));
            }
        }
    }

    @Test
    void whatWasInDevIsThere() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            assertThat(box.run(
                            "cd /dev; for n in null zero full random urandom tty pts/ptmx; do [ -c $n ] || echo no $n; done;"
                                    + " for l in fd stdin stdout stderr ptmx; do [ -h $l ] || echo no $l; done;"
                                    + " stat -c '%a %F' . shm null; echo >null; head -c 4 zero | wc -c"))
                    .isEqualTo("755 directory\n1777 directory\n666 character special file\n4");
        }
    }

    @Test
    void whatAWritableLayerTakesIsKnownEvenWhereItHasNoBound() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            box.run("dd if=/dev/zero of=/fill bs=1M count=16");
            assertThat(runtime.usage(spec.id()).diskBytes()).isBetween(16 * MIB, 17 * MIB);
        }
        assertThat(runtime.describe().weaknesses().stream().anyMatch(known -> known.contains("writable layer")))
                .isEqualTo(!can(RuntimeCapability.WRITABLE_LAYER_INODES));
    }

    @Test
    void memoryFileSystemsAreBounded() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            for (String at : List.of("/tmp", "/dev/shm", "/dev")) {
                assertThat(box.run("dd if=/dev/zero of=" + at + "/fill bs=1M count=200; rm " + at + "/fill"))
                        .as(at)
                        .contains("No space left on device");
            }
            if (can(RuntimeCapability.WRITABLE_LAYER_INODES)) {
                for (String at : List.of("/tmp", "/dev/shm", "/dev")) {
                    assertThat(box.run("cd " + at + "; busybox seq 1 " + FILES
                                    + " | busybox xargs touch 2>&1 | head -n 1"))
                            .as(at)
                            .contains("No space left on device");
                }
            }
            box.ping();
        }
    }

    @Test
    void theHostsLimitOnTasksEndsABoxWithItsFigure() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            Files.writeString(cgroupFile(spec.id(), "pids.max"), "70");
            box.start("sh", "-c", "for i in $(busybox seq 1 60); do sleep 1000 & done; wait");

            assertThat(runtime.awaitExit(spec.id())).isEqualTo(new BoxExit.TooManyProcesses(70));
        }
        try (RunscRuntime later = RunscRuntime.open(
                RunscSettings.of(runsc(), directory.resolve("rt")).withCgroupParent(cgroupParent()),
                poller,
                Thread.ofVirtual().factory())) {
            assertThat(later.awaitExit(spec.id())).isEqualTo(new BoxExit.TooManyProcesses(70));
        }
    }

    @Test
    void aMemoryBombEndsABoxWithTheFigure() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            // One buffer, filled once: memory of a process.
            box.start("dd", "if=/dev/zero", "of=/dev/null", "bs=1G", "count=1");

            assertThat(runtime.awaitExit(spec.id()))
                    .isInstanceOfSatisfying(
                            BoxExit.OutOfMemory.class,
                            oom -> assertThat(oom.limitBytes()).isEqualTo(LIMITS.enforcedMemoryBytes()));
        }
    }

    @Test
    void openFilesAreLimitedPerProcess() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            // It opens all of its files before it reads the first.
            assertThat(box.run("ulimit -n 20; busybox tail -n 1" + " /etc/lower".repeat(30)))
                    .contains("Too many open files");
            box.ping();
        }
    }

    /** Only a lower bound of the time: a host that is busy with other things makes it longer, never shorter. */
    @Test
    void theCpuQuotaHolds() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            box.start("sh", "-c", "while :; do :; done");
            box.start("sh", "-c", "while :; do :; done");
            long wanted = TimeUnit.SECONDS.toNanos(1);
            long from = runtime.usage(spec.id()).cpuNanos();
            long begun = System.nanoTime();
            while (runtime.usage(spec.id()).cpuNanos() - from < wanted) {
                box.ping();
            }
            long used = runtime.usage(spec.id()).cpuNanos() - from;

            double cores = (double) used / (System.nanoTime() - begun);
            assertThat(cores).isLessThan(LIMITS.cpuMillis() / 1000.0 * 1.3);
        }
    }

    @Test
    void thePriorityReachesTheHostsKernel() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        boolean unified = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        Path weight = cgroupFile(spec.id(), unified ? "cpu.weight" : "cpu.shares");
        String normal = Files.readString(weight);

        runtime.setPriority(spec.id(), BoxPriority.BACKGROUND);
        assertThat(Integer.parseInt(Files.readString(weight).strip())).isLessThan(Integer.parseInt(normal.strip()));
        runtime.setPriority(spec.id(), BoxPriority.YIELDING);
        Path idle = cgroupFile(spec.id(), "cpu.idle");
        if (Files.exists(idle)) {
            assertThat(Files.readString(idle).strip()).isEqualTo("1");
        }
        runtime.setPriority(spec.id(), BoxPriority.NORMAL);
        assertThat(Files.readString(weight)).isEqualTo(normal);
        assertThat(runtime.cpuNanos(spec.id())).isPositive();
    }
}
