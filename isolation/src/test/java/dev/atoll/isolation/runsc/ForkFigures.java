package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.RuntimePlatform;
import dev.atoll.isolation.runtime.SandboxRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What a fork costs, beside the command line of the same runsc. No test: nothing here can fail because of a clock, and it runs only
 * when it is named, {@code -Dit.test=ForkFigures}; {@code -Datoll.fork.n=N}, {@code -Datoll.fork.dirty=MIB},
 * {@code -Datoll.fork.platform=ptrace}, {@code -Datoll.fork.build=floor}.
 */
class ForkFigures {

    private static final int WARM_UP = 5;

    private final Map<String, List<Double>> millis = new LinkedHashMap<>();
    private int counted = -WARM_UP;

    private interface Step<T> {
        T run() throws Exception;
    }

    private <T> T timed(String name, Step<T> step) throws Exception {
        return timedFrom(name, System.nanoTime(), step);
    }

    private <T> T timedFrom(String name, long begin, Step<T> step) throws Exception {
        T result = step.run();
        if (counted >= 0) {
            millis.computeIfAbsent(name, unknown -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e6);
        }
        return result;
    }

    @Test
    void print() throws Exception {
        int n = Integer.getInteger("atoll.fork.n", 50);
        int dirtyMib = Integer.getInteger("atoll.fork.dirty", 0);
        boolean floor = System.getProperty("atoll.fork.build", "pinned").equals("floor");
        RuntimePlatform platform = RuntimePlatform.valueOf(
                System.getProperty("atoll.fork.platform", "systrap").toUpperCase(Locale.ROOT));
        Path directory = Files.createTempDirectory("atoll-");
        Path root = TestRoots.erofs(TestRoots.directory(directory.resolve("tree")), directory.resolve("root.erofs"));
        RunscSettings settings = RunscSettings.of(
                        floor ? RunscUnderTest.floor() : RunscUnderTest.pinned(), directory.resolve("rt"))
                .withPlatform(platform)
                .withCgroupParent("atoll-fork-figures");
        BoxFixture fixture = new BoxFixture(directory.resolve("b"), NativeGuest.binary());
        Step<BoxSpec> specs = () -> fixture.newSpec(
                new RootFilesystem.ErofsFile(root), BoxLimits.of(Math.max(128, dirtyMib * 4L) << 20, 2_000));
        System.out.println(
                "load before " + Files.readString(Path.of("/proc/loadavg")).strip());
        try (Poller poller = new Poller(Thread.ofPlatform().daemon().factory());
                SandboxRuntime runtime =
                        RunscRuntime.open(settings, poller, Thread.ofVirtual().factory())) {
            RunscCommand commands = new RunscCommand(
                    RunscBinary.detect(settings.binary()), settings, new RunscDirectories(settings.root()));
            BoxSpec spec = specs.run();
            runtime.create(spec);
            runtime.start(spec.id());
            try (GuestInBox original = GuestInBox.fresh(runtime, poller, spec)) {
                original.attach();
                original.run("dd if=/dev/urandom of=/dev/shm/dirty bs=1M count=" + dirtyMib + " 2>/dev/null");
                while (counted < n) {
                    bySocket(runtime, poller, original, specs.run(), directory.resolve("b/image"));
                    byCommand(runtime, commands, original, specs.run(), directory.resolve("b/image"));
                    counted++;
                }
            } finally {
                runtime.list().forEach(runtime::destroy);
            }
        }
        BoxFixture.removeTree(directory);
        report(settings, dirtyMib);
    }

    private void bySocket(SandboxRuntime runtime, Poller poller, GuestInBox original, BoxSpec spec, Path image)
            throws Exception {
        long begin = System.nanoTime();
        original.link().suspend();
        BoxImage taken =
                timed("checkpoint", () -> runtime.checkpoint(original.spec().id(), image));
        timedFrom("original: suspend to attached", begin, original::attach);
        GuestInBox.Fork fork = original.with(taken, original.heard().copyOfOutput());
        timed("create (not part of a fork)", () -> {
            runtime.create(spec);
            return spec;
        });
        long restoring = System.nanoTime();
        timed("restore", () -> {
            runtime.restore(spec.id(), taken);
            return spec;
        });
        try (GuestInBox clone = GuestInBox.after(fork, runtime, poller, spec)) {
            clone.attach();
            timedFrom(
                    "restore to first ping",
                    restoring,
                    () -> clone.link().ping().get(30, TimeUnit.SECONDS));
            timedFrom("restore to first exec ended", restoring, () -> clone.run("true"));
            timed("second exec", () -> clone.run("true"));
        }
        timed("destroy", () -> {
            runtime.destroy(spec.id());
            return spec;
        });
        BoxImage.remove(image);
    }

    private void byCommand(SandboxRuntime runtime, RunscCommand commands, GuestInBox original, BoxSpec spec, Path image)
            throws Exception {
        BoxImage.makeDirectory(image);
        original.link().suspend();
        timed(
                "runsc checkpoint --leave-running",
                () -> command(commands.checkpoint(original.spec().id(), image)));
        original.attach();
        runtime.create(spec);
        timed("runsc restore", () -> command(commands.restore(spec.id(), image)));
        runtime.destroy(spec.id());
        BoxImage.remove(image);
    }

    private static CommandRun command(List<String> line) throws Exception {
        return CommandRun.run(line, Duration.ofSeconds(60)).requireSuccess();
    }

    private void report(RunscSettings settings, int dirtyMib) throws Exception {
        System.out.println(
                "load after " + Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.printf(
                "%s %s, %d MiB dirty; milliseconds%n",
                settings.binary(), settings.platform().word(), dirtyMib);
        System.out.printf("%-34s %8s %8s %8s %8s %8s %4s%n", "", "min", "p50", "p95", "p99", "max", "n");
        millis.forEach((name, values) -> {
            double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            System.out.printf(
                    "%-34s %8.1f %8.1f %8.1f %8.1f %8.1f %4d%n",
                    name,
                    sorted[0],
                    at(sorted, 0.5),
                    at(sorted, 0.95),
                    at(sorted, 0.99),
                    sorted[sorted.length - 1],
                    sorted.length);
        });
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1)];
    }
}
