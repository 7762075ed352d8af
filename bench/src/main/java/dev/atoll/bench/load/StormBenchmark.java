package dev.atoll.bench.load;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Latencies;
import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.figure.Latencies.Phase;
import dev.atoll.bench.figure.Samples;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.host.CpuMeters;
import dev.atoll.bench.host.HostMemory;
import dev.atoll.bench.load.Crowd.Done;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.rest.Sandboxes;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Many creates at the same moment; and how many a second go on and on when each is taken down again, beside runsc. */
public final class StormBenchmark implements Benchmark {
    private static final String MEMORY = "64Mi";
    /** Little, so that a hundred are no more than a platform on two cores promises. */
    private static final String CPU_AT_ONCE = "500m";

    private static final double MIB = 1 << 20;
    /** Halves of the sustained part, in turns with the peer. */
    private static final int TURNS = 2;

    private final Scene scene;
    private final int atOnce;
    private final int sustained;
    private final int parallel;

    /**
     * @param atOnce creates at the same moment
     * @param sustained creates one after the other, each side
     * @param parallel how many of these are under way at a time
     */
    public StormBenchmark(Scene scene, int atOnce, int sustained, int parallel) {
        this.scene = scene;
        this.atOnce = atOnce;
        this.sustained = sustained;
        this.parallel = parallel;
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of(
                "sandboxes",
                "of " + MEMORY + " from one static busybox; " + CPU_AT_ONCE + " of CPU each when all are made at once, "
                        + scene.cores() + " cores in the sustained part");
    }

    @Override
    public List<Section> run() throws IOException {
        PeerFiles files = scene.images().prepare(ImageChoice.BUSYBOX);
        byte[] atOnceRequest = new Template(files.image(), CPU_AT_ONCE, MEMORY).request(Start.ANY);
        byte[] request = new Template(files.image(), String.valueOf(scene.cores()), MEMORY).request(Start.ANY);
        warmUp(request, files);
        List<Section> sections = new ArrayList<>(storm(atOnceRequest, files));
        sections.addAll(sustain(request, files));
        return sections;
    }

    private void warmUp(byte[] request, PeerFiles files) throws IOException {
        for (int i = 0; i < CreateBenchmark.WARM_UP; i++) {
            cycle(request);
            scene.runsc().run(files, ImageChoice.TRUE);
        }
        scene.state().await();
    }

    /** One side of the storm: how a sandbox is made, and how it goes. */
    private interface Maker {
        String make() throws IOException;

        void remove(String id) throws IOException;
    }

    private Maker ours(byte[] request) {
        return new Maker() {
            @Override
            public String make() throws IOException {
                return scene.sandboxes().create(request).id();
            }

            @Override
            public void remove(String id) throws IOException {
                scene.sandboxes().delete(id);
            }
        };
    }

    private Maker runsc(PeerFiles files) {
        return new Maker() {
            @Override
            public String make() throws IOException {
                return scene.runsc().create(files);
            }

            @Override
            public void remove(String id) throws IOException {
                scene.runsc().delete(id);
            }
        };
    }

    private List<Section> storm(byte[] request, PeerFiles files) throws IOException {
        List<List<Cell>> rows = new ArrayList<>();
        List<Latencies.Side> sides = new ArrayList<>();
        burst("atoll create", Kind.OURS, ours(request), scene.platformCpu(), rows, sides);
        burst("runsc create + start", Kind.PEER, runsc(files), CpuMeters.ofChildren(), rows, sides);
        return List.of(
                new Latencies(atOnce + " creates at once: until each runs", sides),
                new Grid(
                        atOnce + " creates at once: all of them",
                        List.of(
                                "side",
                                "running",
                                "failed",
                                "s until all run",
                                "s until all deleted",
                                "CPU s per sandbox",
                                "drop of MemAvailable MiB each"),
                        rows));
    }

    private void burst(
            String name, Kind kind, Maker maker, CpuMeter cpu, List<List<Cell>> rows, List<Latencies.Side> sides)
            throws IOException {
        scene.progress().accept(atOnce + " at once: " + name);
        List<String> made = Collections.synchronizedList(new ArrayList<>());
        long available = HostMemory.availableBytes();
        double before = cpu.seconds();
        Done creates = scene.crowd().atOnce(atOnce, number -> made.add(maker.make()));
        long drop = available - HostMemory.availableBytes();
        Done deletes = scene.crowd().atOnce(made.size(), number -> maker.remove(made.get(number)));
        scene.state().await();
        double used = cpu.seconds() - before;
        List<String> failures = new ArrayList<>(creates.failures());
        failures.addAll(deletes.failures());
        sides.add(side(name, kind, creates.samples(), failures));
        rows.add(List.of(
                Cell.of(name),
                Cell.of(made.size()),
                Cell.of(failures.size()),
                Cell.of(creates.seconds(), 2),
                Cell.of(deletes.seconds(), 2),
                Cell.of(used / atOnce, 3),
                made.isEmpty() ? Cell.nothing() : Cell.of(drop / MIB / made.size(), 1)));
    }

    private static Latencies.Side side(String name, Kind kind, Samples samples, List<String> failures) {
        return new Latencies.Side(name, kind, List.of(new Phase("total", samples, false)), failures);
    }

    /** What one side did in its turns of the sustained part. */
    private static final class Steady {
        private final String name;
        private final Kind kind;
        private final CpuMeter cpu;
        private final Crowd.Task task;
        private final List<Long> nanos = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private double seconds;
        private double cpuSeconds;

        Steady(String name, Kind kind, CpuMeter cpu, Crowd.Task task) {
            this.name = name;
            this.kind = kind;
            this.cpu = cpu;
            this.task = task;
        }
    }

    private List<Section> sustain(byte[] request, PeerFiles files) throws IOException {
        List<Steady> sides = List.of(
                new Steady(
                        "atoll create + exec true + delete", Kind.OURS, scene.platformCpu(), number -> cycle(request)),
                new Steady(
                        "runsc run true (with delete)",
                        Kind.PEER,
                        CpuMeters.ofChildren(),
                        number -> scene.runsc().run(files, ImageChoice.TRUE)));
        int each = Math.max(1, sustained / TURNS);
        for (int turn = 1; turn <= TURNS; turn++) {
            for (Steady side : sides) {
                scene.progress().accept("sustained, turn " + turn + " of " + TURNS + ": " + side.name);
                scene.state().await();
                double before = side.cpu.seconds();
                Done done = scene.crowd().steadily(each, parallel, side.task, number -> {});
                scene.state().await();
                side.cpuSeconds += side.cpu.seconds() - before;
                side.seconds += done.seconds();
                done.samples().forEach(side.nanos::add);
                side.failures.addAll(done.failures());
            }
        }
        return sections(sides);
    }

    private List<Section> sections(List<Steady> sides) {
        List<Latencies.Side> latencies = new ArrayList<>();
        List<List<Cell>> rows = new ArrayList<>();
        for (Steady side : sides) {
            latencies.add(side(side.name, side.kind, Samples.of(side.nanos), side.failures));
            int tries = side.nanos.size() + side.failures.size();
            rows.add(List.of(
                    Cell.of(side.name),
                    Cell.of(side.nanos.size()),
                    Cell.of(side.failures.size()),
                    Cell.of(side.nanos.size() / side.seconds, 1),
                    Cell.of(side.cpuSeconds / tries, 3)));
        }
        String title = "sustained, " + parallel + " at a time";
        return List.of(
                new Latencies(title, latencies),
                new Grid(
                        title + ": rate with teardown",
                        List.of("side", "done", "failed", "sandboxes per second", "CPU s per sandbox"),
                        rows));
    }

    private void cycle(byte[] request) throws IOException {
        String id = scene.sandboxes().create(request).id();
        try {
            scene.sandboxes().exec(id, Sandboxes.command(ImageChoice.TRUE));
        } finally {
            scene.sandboxes().delete(id);
        }
    }
}
