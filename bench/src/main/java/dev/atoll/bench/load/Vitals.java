package dev.atoll.bench.load;

import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.ControlGroups;
import dev.atoll.bench.host.HostProcess;
import dev.atoll.bench.host.Mounts;
import dev.atoll.bench.host.PlatformProcesses;
import dev.atoll.bench.rest.RestApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What a platform holds that might grow without need. */
public final class Vitals {
    private static final double MIB = 1 << 20;
    private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"";

    private final RestApi api;
    private final Path home;
    private final PlatformProcesses platform;
    private final Commands commands;
    private final Path jcmd;
    private String controlGroup = "";

    /**
     * @param home the platform's data directory
     * @param jcmd the program that asks a JVM to collect its garbage
     */
    public Vitals(RestApi api, Path home, PlatformProcesses platform, Commands commands, Path jcmd) {
        this.api = api;
        this.home = home;
        this.platform = platform;
        this.commands = commands;
        this.jcmd = jcmd;
    }

    /**
     * The figures at one moment.
     *
     * @param execs how many had been done
     * @param values in the order of {@link #NAMES}
     */
    record Sample(int execs, List<Double> values) {
        static final List<String> NAMES = List.of(
                "heap MiB",
                "RSS MiB",
                "threads",
                "open files",
                "database MiB",
                "host/ MiB",
                "log/ MiB",
                "processes",
                "mounts",
                "control groups");
    }

    @FunctionalInterface
    interface Making {
        String make() throws IOException;
    }

    @FunctionalInterface
    interface Removing {
        void remove(String id) throws IOException;
    }

    /** Finds out below which control group the platform has its sandboxes, by a sandbox that is made for it. */
    void learn(Making making, Removing removing) throws IOException {
        String id = making.make();
        try {
            controlGroup = platform.boxes().stream()
                    .map(HostProcess::controlGroup)
                    .filter(group -> !group.isEmpty())
                    .findFirst()
                    .orElse("");
        } finally {
            removing.remove(id);
        }
    }

    Sample sample(int execs) throws IOException {
        collectGarbage();
        long pid = platform.server();
        HostProcess server =
                HostProcess.read(pid).orElseThrow(() -> new IOException("the platform's process " + pid + " is gone"));
        return new Sample(
                execs,
                List.of(
                        heapBytes() / MIB,
                        server.residentBytes() / MIB,
                        (double) server.threads(),
                        (double) server.openFiles(),
                        bytes(home.resolve("database")) / MIB,
                        bytesOfHost() / MIB,
                        bytes(home.resolve("log")) / MIB,
                        (double) platform.boxes().size(),
                        (double) mounts(),
                        (double) groups()));
    }

    private void collectGarbage() throws IOException {
        if (Files.isExecutable(jcmd)) {
            commands.run(List.of(jcmd.toString(), String.valueOf(platform.server()), "GC.run"));
        }
    }

    private double heapBytes() throws IOException {
        return api.text("/metrics")
                .lines()
                .filter(line -> line.startsWith(HEAP))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** All but the images, whose size is nobody's doing here. */
    private double bytesOfHost() throws IOException {
        Path host = home.resolve("host");
        return bytes(host) - bytes(host.resolve("images"));
    }

    /** Files come and go while they are counted. */
    private static double bytes(Path directory) throws IOException {
        AtomicLong sum = new AtomicLong();
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        Files.walkFileTree(directory, new SizeSum(sum));
        return sum.get();
    }

    private long mounts() throws IOException {
        try (Stream<String> points = Mounts.points().stream()) {
            return points.filter(point -> point.startsWith(home + "/")).count();
        }
    }

    private long groups() throws IOException {
        long count = 0;
        if (!controlGroup.isEmpty()) {
            for (Path group : ControlGroups.named(controlGroup)) {
                count += ControlGroups.below(group).size();
            }
        }
        return count;
    }
}
