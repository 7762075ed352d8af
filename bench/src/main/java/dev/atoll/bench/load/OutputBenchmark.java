package dev.atoll.bench.load;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Samples;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.host.CpuMeters;
import dev.atoll.bench.host.HostProcess;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.rest.Sandboxes;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A flood of output from a sandbox to a reader, and into the log when nobody reads, beside {@code runsc exec} and {@code docker exec}. */
public final class OutputBenchmark implements Benchmark {
    private static final int WARM_UP = 1;
    private static final int PIECES_PER_MIB = 16;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String MEMORY = "512Mi";

    private final Scene scene;
    private final int rounds;
    private final int mebibytes;

    /** @param mebibytes how much is written in each round */
    public OutputBenchmark(Scene scene, int rounds, int mebibytes) {
        this.scene = scene;
        this.rounds = rounds;
        this.mebibytes = mebibytes;
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of(
                "flood",
                mebibytes + " MiB of zeros by dd in writes of 64 KiB, to its stdout; " + WARM_UP
                        + " uncounted round of each, then in turns");
    }

    /** Lets the flood come; the bytes that arrived. */
    @FunctionalInterface
    private interface Pour {
        long pour() throws IOException;
    }

    /** One way of the bytes, and what came of it. */
    private static final class Way {
        private final String name;
        private final CpuMeter cpu;
        private final Pour pour;
        private final Samples samples = new Samples();
        private final List<String> failures = new ArrayList<>();
        private double cpuSeconds;
        private long serverGrowth;

        Way(String name, CpuMeter cpu, Pour pour) {
            this.name = name;
            this.cpu = cpu;
            this.pour = pour;
        }
    }

    @Override
    public List<Section> run() throws IOException {
        PeerFiles files = scene.images().prepare(ImageChoice.BUSYBOX);
        Template template = new Template(files.image(), String.valueOf(scene.cores()), MEMORY);
        String ours = scene.sandboxes().create(template.request(Start.ANY)).id();
        try {
            String runsc = scene.runsc().create(files);
            try {
                return withDocker(files, ours, runsc);
            } finally {
                scene.runsc().delete(runsc);
            }
        } finally {
            scene.sandboxes().delete(ours);
        }
    }

    private List<Section> withDocker(PeerFiles files, String ours, String runsc) throws IOException {
        List<Way> ways = new ArrayList<>(ways(ours, runsc));
        if (scene.docker().isEmpty()) {
            return List.of(measure(ways));
        }
        scene.docker().get().importTree(files);
        String container = scene.docker().get().create(files);
        try {
            CpuMeter children = CpuMeters.ofChildren();
            ways.add(new Way("docker exec, read by us", children, () -> {
                long[] count = new long[1];
                scene.docker().get().read(container, flood(), output -> count[0] = drain(output));
                return count[0];
            }));
            return List.of(measure(ways));
        } finally {
            scene.docker().get().delete(container);
        }
    }

    private List<Way> ways(String ours, String runsc) {
        byte[] command = Sandboxes.command(flood());
        CpuMeter children = CpuMeters.ofChildren();
        return List.of(
                new Way(
                        "atoll exec, read by us while it runs",
                        scene.platformCpu(),
                        () -> scene.sandboxes().drain(scene.sandboxes().start(ours, command))),
                new Way(
                        "atoll exec, into the log, no reader",
                        scene.platformCpu(),
                        () -> scene.sandboxes().await(scene.sandboxes().start(ours, command))),
                new Way("runsc exec, read by us", children, () -> {
                    long[] count = new long[1];
                    scene.runsc().read(runsc, flood(), output -> count[0] = drain(output));
                    return count[0];
                }));
    }

    private List<String> flood() {
        return List.of(
                "/bin/sh",
                "-c",
                "exec dd if=/dev/zero bs=65536 count=" + (long) mebibytes * PIECES_PER_MIB + " 2>/dev/null");
    }

    private static long drain(InputStream output) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
            total += count;
        }
        return total;
    }

    private Section measure(List<Way> ways) throws IOException {
        for (int round = 0; round < WARM_UP; round++) {
            for (Way way : ways) {
                require(way.pour.pour());
            }
        }
        for (int round = 1; round <= rounds; round++) {
            for (Way way : ways) {
                scene.state().await();
                once(way);
            }
            scene.round(round, rounds);
        }
        return grid(ways);
    }

    private void once(Way way) throws IOException {
        long resident = serverResident();
        double cpu = way.cpu.seconds();
        long start = scene.clock().getAsLong();
        try {
            require(way.pour.pour());
            way.samples.add(scene.clock().getAsLong() - start);
        } catch (IOException failed) {
            way.failures.add(String.valueOf(failed.getMessage()));
        }
        way.cpuSeconds += way.cpu.seconds() - cpu;
        way.serverGrowth = Math.max(way.serverGrowth, serverResident() - resident);
    }

    private void require(long bytes) throws IOException {
        long due = (long) mebibytes << 20;
        if (bytes != due) {
            throw new IOException(bytes + " bytes came of " + due);
        }
    }

    private long serverResident() {
        return HostProcess.read(scene.platform().server())
                .map(HostProcess::residentBytes)
                .orElse(0L);
    }

    private Section grid(List<Way> ways) {
        List<List<Cell>> rows = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Way way : ways) {
            failures.addAll(way.failures);
            int tries = way.samples.count() + way.failures.size();
            rows.add(List.of(
                    Cell.of(way.name),
                    rate(way.samples, 100),
                    rate(way.samples, 50),
                    rate(way.samples, 0),
                    Cell.of(way.cpuSeconds / tries * 1024 / mebibytes, 2),
                    way.name.startsWith("atoll") ? Cell.of(way.serverGrowth / (double) (1 << 20), 1) : Cell.nothing(),
                    Cell.of(way.samples.count()),
                    Cell.of(way.failures.size())));
        }
        return new Grid(
                "output of " + mebibytes + " MiB",
                List.of(
                        "way",
                        "MB/s slowest",
                        "MB/s p50",
                        "MB/s fastest",
                        "CPU s per GiB",
                        "server grew by MiB",
                        "n",
                        "failures"),
                rows,
                failures);
    }

    private Cell rate(Samples samples, int percent) {
        return samples.count() == 0
                ? Cell.nothing()
                : Cell.of(((long) mebibytes << 20) * 1e3 / samples.percentile(percent), 0);
    }
}
