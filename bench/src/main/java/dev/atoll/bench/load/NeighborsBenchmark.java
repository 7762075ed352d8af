package dev.atoll.bench.load;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Samples;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.rest.Sandboxes;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What sandboxes that want more than they may have do to the execs of one that is modest. */
public final class NeighborsBenchmark implements Benchmark {
    private static final int WARM_UP = 50;
    private static final int PAUSE_MILLIS = 4;

    /** Long enough for a bomb to be at its limit and for the platform to see who is greedy. */
    private static final int HEATING_MILLIS = 5_000;

    private static final Template MODEST = new Template(ImageChoice.BUSYBOX.image(), "1", "512Mi");
    private static final Template GREEDY = new Template(ImageChoice.BUSYBOX.image(), "1", "256Mi");

    /** Name and script. */
    private static final Map<String, String> GREED = new LinkedHashMap<>();

    static {
        GREED.put("fork bomb", "b() { b | b & }; b; while :; do :; done");
        GREED.put("memory bomb", "dd if=/dev/zero of=/dev/null bs=1G count=1");
        GREED.put("disk filler", "while :; do dd if=/dev/zero of=/fill bs=1M; rm /fill; done");
        GREED.put("CPU hog", "while :; do :; done");
    }

    private final Scene scene;
    private final int rounds;
    private final Samples idle = new Samples();

    /** One line of the table. */
    private record Row(String name, Samples samples, String lives) {}

    /** @param rounds counted execs beside each */
    public NeighborsBenchmark(Scene scene, int rounds) {
        this.scene = scene;
        this.rounds = rounds;
    }

    @Override
    public Map<String, String> conditions() {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put(
                "the modest",
                "1 CPU, 512 MiB; static true every " + PAUSE_MILLIS + " ms, " + rounds + " times beside each");
        conditions.put("the greedy", "1 CPU, 256 MiB each; a new one whenever one ends");
        conditions.put(
                "alone", "before each of them and after the last; all of that together is what p99 is compared with");
        return conditions;
    }

    @Override
    public List<Section> run() throws IOException {
        scene.images().prepare(ImageChoice.BUSYBOX);
        String modest = scene.sandboxes().create(MODEST.request(Start.ANY)).id();
        List<String> failures = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        try {
            alone(modest, failures);
            for (Map.Entry<String, String> one : GREED.entrySet()) {
                rows.add(beside("beside a " + one.getKey(), List.of(one.getValue()), modest, failures));
                alone(modest, failures);
            }
            rows.add(beside("beside all four", List.copyOf(GREED.values()), modest, failures));
        } finally {
            scene.sandboxes().delete(modest);
        }
        rows.addFirst(new Row("alone", idle, ""));
        return List.of(new Grid(
                "execs of a modest sandbox, milliseconds",
                List.of("", "p50", "p95", "p99", "max", "n", "p95 / alone", "p99 / alone", "lives of the others"),
                rows.stream().map(this::cells).toList(),
                failures));
    }

    private List<Cell> cells(Row row) {
        Samples of = row.samples();
        if (of.count() == 0 || idle.count() == 0) {
            return List.of(
                    Cell.of(row.name()),
                    Cell.of("-"),
                    Cell.of("-"),
                    Cell.of("-"),
                    Cell.of("-"),
                    Cell.of(0),
                    Cell.of("-"),
                    Cell.of("-"),
                    Cell.of(row.lives()));
        }
        return List.of(
                Cell.of(row.name()),
                Cell.of(of.millis(50), 2),
                Cell.of(of.millis(95), 2),
                Cell.of(of.millis(99), 2),
                Cell.of(of.millis(100), 2),
                Cell.of(of.count()),
                Cell.of(of.millis(95) / idle.millis(95), 1),
                Cell.of(of.millis(99) / idle.millis(99), 1),
                Cell.of(row.lives()));
    }

    private void alone(String modest, List<String> failures) throws IOException {
        scene.progress().accept("alone");
        scene.state().await();
        measure(modest, idle, failures);
    }

    private Row beside(String name, List<String> scripts, String modest, List<String> failures) throws IOException {
        scene.progress().accept(name);
        List<Neighbor> neighbors = new ArrayList<>();
        Samples samples = new Samples();
        try {
            scripts.forEach(
                    script -> neighbors.add(new Neighbor(scene.sandboxes(), GREEDY.request(Start.ANY), script)));
            scene.pause().millis(HEATING_MILLIS);
            measure(modest, samples, failures);
        } finally {
            neighbors.forEach(Neighbor::close);
        }
        neighbors.forEach(neighbor -> failures.addAll(neighbor.failures()));
        List<String> lives = neighbors.stream()
                .map(neighbor -> String.valueOf(neighbor.lives()))
                .toList();
        return new Row(name, samples, String.join(" ", lives));
    }

    private void measure(String modest, Samples samples, List<String> failures) {
        byte[] command = Sandboxes.command(ImageChoice.TRUE);
        for (int i = -WARM_UP; i < rounds; i++) {
            long begun = scene.clock().getAsLong();
            try {
                scene.sandboxes().exec(modest, command);
                if (i >= 0) {
                    samples.add(scene.clock().getAsLong() - begun);
                }
            } catch (IOException failed) {
                failures.add(failed.getMessage());
            }
            scene.pause().millis(PAUSE_MILLIS);
        }
    }
}
