package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What boots do to the commands of a box, and how soon memory bombs end; what greedy sandboxes do to a modest one is measured with the
 * whole platform, {@code ./atoll bench neighbors}. No test: nothing here can fail because of a clock, and it runs only when it is named,
 * {@code -Dit.test=LimitFigures}; {@code -Datoll.limits.n=N}, {@code -Datoll.limits.build=floor}.
 */
class LimitFigures {

    private static final long MIB = 1L << 20;
    private static final long PAUSE_NANOS = Duration.ofMillis(4).toNanos();
    private static final int WARM_UP = 50;

    private final int n = Integer.getInteger("atoll.limits.n", 400);
    private Path directory;
    private Poller poller;
    private RunscRuntime runtime;
    private BoxFixture fixture;
    private RootFilesystem root;

    @BeforeEach
    void make() throws Exception {
        directory = Files.createTempDirectory("atoll-");
        root = new RootFilesystem.ErofsFile(
                TestRoots.erofs(TestRoots.directory(directory.resolve("tree")), directory.resolve("root.erofs")));
        poller = new Poller(Thread.ofPlatform().daemon().factory());
        boolean floor = System.getProperty("atoll.limits.build", "pinned").equals("floor");
        RunscSettings settings = RunscSettings.of(
                        floor ? RunscUnderTest.floor() : RunscUnderTest.pinned(), directory.resolve("rt"))
                .withCgroupParent("atoll-limit-figures");
        runtime = RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
        fixture = new BoxFixture(directory.resolve("b"), NativeGuest.binary());
    }

    @AfterEach
    void remove() throws IOException {
        runtime.list().forEach(runtime::destroy);
        runtime.close();
        poller.close();
        BoxFixture.removeTree(directory);
    }

    private BoxSpec started(long memoryBytes) throws IOException {
        BoxSpec spec = fixture.newSpec(root, BoxLimits.of(memoryBytes, 1_000, 512 * MIB));
        runtime.create(spec);
        runtime.start(spec.id());
        return spec;
    }

    /** One line of the table, and how many times as slow as {@code idle} its 99th percentile is. */
    private double[] measure(String name, GoodBox box, double[] idle) throws Exception {
        double[] millis = new double[n];
        for (int i = -WARM_UP; i < n; i++) {
            double took = box.runTrue();
            if (i >= 0) {
                millis[i] = took;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        Arrays.sort(millis);
        double[] of = {millis[n / 2], millis[n * 95 / 100], millis[n * 99 / 100], millis[n - 1]};
        System.out.printf(
                "%-36s p50 %6.2f  p95 %6.2f  p99 %6.2f  max %6.2f ms  p99 %s  load %s%n",
                name,
                of[0],
                of[1],
                of[2],
                of[3],
                idle.length == 0 ? "" : "%.1fx".formatted(of[2] / idle[2]),
                Files.readString(Path.of("/proc/loadavg")).strip());
        return of;
    }

    /** Boots for nobody in particular, as many as the host can do, beside somebody's commands. */
    @Test
    void boots() throws Exception {
        BoxSpec spec = started(512 * MIB);
        try (GoodBox good = new GoodBox(poller, spec)) {
            double[] idle = measure("idle", good, new double[0]);
            for (BoxPriority priority : BoxPriority.values()) {
                AtomicBoolean stopped = new AtomicBoolean();
                AtomicInteger boots = new AtomicInteger();
                List<Thread> booting = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    booting.add(Thread.ofPlatform().start(() -> {
                        while (!stopped.get()) {
                            bootOnce(priority);
                            boots.incrementAndGet();
                        }
                    }));
                }
                long begun = System.nanoTime();
                measure("beside boots of priority " + priority, good, idle);
                double rate = boots.get() * 1e9 / (System.nanoTime() - begun);
                stopped.set(true);
                for (Thread thread : booting) {
                    thread.join();
                }
                System.out.printf("    %.1f boots per second%n", rate);
            }
        }
    }

    private void bootOnce(BoxPriority priority) {
        try {
            BoxSpec of = fixture.newSpec(root, BoxLimits.of(256 * MIB, 1_000));
            BoxSpec spec = new BoxSpec(
                    of.id(),
                    of.root(),
                    of.writableDirectory(),
                    of.limits(),
                    of.hostname(),
                    of.guestBinary(),
                    of.stdin(),
                    of.stdout(),
                    priority);
            runtime.create(spec);
            runtime.start(spec.id());
            runtime.destroy(spec.id());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void memoryBombs() throws Exception {
        long before = available();
        for (int i = 0; i < 20; i++) {
            BoxSpec spec = started(256 * MIB);
            try (CommandsInBox box = new CommandsInBox(poller, spec)) {
                long begun = System.nanoTime();
                box.start("dd", "if=/dev/zero", "of=/dev/null", "bs=2G", "count=1");
                BoxExit exit = runtime.awaitExit(spec.id());
                System.out.printf("%s after %.2f s%n", exit, (System.nanoTime() - begun) / 1e9);
            }
            runtime.destroy(spec.id());
        }
        System.out.printf("MemAvailable %d MiB before, %d MiB after%n", before / MIB, available() / MIB);
    }

    private static long available() throws IOException {
        return Files.readString(Path.of("/proc/meminfo"))
                .lines()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
