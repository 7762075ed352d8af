package dev.atoll.bench.load;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.load.Crowd.Done;
import dev.atoll.bench.rest.Sandboxes;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A day's work in an hour: many sandboxes with many execs through one platform, and what grows meanwhile. */
public final class SoakBenchmark implements Benchmark {
    private static final int TENTHS = 10;
    private static final String MEMORY = "64Mi";
    private static final List<String> CHATTY =
            List.of("/bin/sh", "-c", "exec dd if=/dev/zero bs=65536 count=4 2>/dev/null");
    /** One exec in so many writes 256 KiB. */
    private static final int CHATTY_EVERY = 5;

    private final Scene scene;
    private final Vitals vitals;
    private final int execs;
    private final int sandboxes;
    private final int parallel;

    /**
     * @param vitals reads what may grow
     * @param execs in all
     * @param sandboxes in all; each has its share of the execs
     * @param parallel how many sandboxes there are at a time
     */
    public SoakBenchmark(Scene scene, Vitals vitals, int execs, int sandboxes, int parallel) {
        this.scene = scene;
        this.vitals = vitals;
        this.execs = execs;
        this.sandboxes = sandboxes;
        this.parallel = parallel;
    }

    @Override
    public Map<String, String> conditions() {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put(
                "load",
                sandboxes + " sandboxes of " + MEMORY + ", " + parallel + " at a time, each created, used for "
                        + execsEach() + " execs and deleted; one exec in " + CHATTY_EVERY + " writes 256 KiB");
        conditions.put(
                "samples", "with no sandbox alive and the pools full; the heap after a full collection (jcmd GC.run)");
        return conditions;
    }

    private int execsEach() {
        return Math.max(1, execs / sandboxes);
    }

    @Override
    public List<Section> run() throws IOException {
        scene.images().prepare(ImageChoice.BUSYBOX);
        byte[] request = new Template(ImageChoice.BUSYBOX.image(), "1", MEMORY).request(Start.ANY);
        vitals.learn(
                () -> scene.sandboxes().create(request).id(),
                id -> scene.sandboxes().delete(id));
        scene.crowd().steadily(CreateBenchmark.WARM_UP, parallel, number -> live(request), done -> {});
        List<Vitals.Sample> samples = new ArrayList<>();
        List<List<Cell>> rows = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        add(rows, samples, 0, 0, failures.size());
        int done = 0;
        for (int tenth = 1; tenth <= TENTHS; tenth++) {
            int due = (int) ((long) sandboxes * tenth / TENTHS);
            Done some = scene.crowd().steadily(due - done, parallel, number -> live(request), number -> {});
            failures.addAll(some.failures());
            done = due;
            scene.progress().accept(tenth * TENTHS + " %: " + done + " sandboxes, " + done * execsEach() + " execs");
            add(rows, samples, done, some.seconds(), failures.size());
        }
        List<String> headings = new ArrayList<>(List.of("execs", "sandboxes", "failed", "s"));
        headings.addAll(Vitals.Sample.NAMES);
        return List.of(new Grid("what the platform holds", headings, rows, failures), growth(samples));
    }

    private void live(byte[] request) throws IOException {
        String id = scene.sandboxes().create(request).id();
        try {
            for (int exec = 0; exec < execsEach(); exec++) {
                boolean chatty = exec % CHATTY_EVERY == CHATTY_EVERY - 1;
                scene.sandboxes().exec(id, Sandboxes.command(chatty ? CHATTY : ImageChoice.TRUE));
            }
        } finally {
            scene.sandboxes().delete(id);
        }
    }

    private void add(List<List<Cell>> rows, List<Vitals.Sample> samples, int done, double seconds, int failed)
            throws IOException {
        scene.state().await();
        Vitals.Sample sample = vitals.sample(done * execsEach());
        samples.add(sample);
        List<Cell> row =
                new ArrayList<>(List.of(Cell.of(sample.execs()), Cell.of(done), Cell.of(failed), Cell.of(seconds, 1)));
        sample.values().forEach(value -> row.add(Cell.of(value, 1)));
        rows.add(row);
    }

    /** How fast each figure grows, from the first tenth on: before it caches fill and code is compiled. */
    private static Section growth(List<Vitals.Sample> samples) {
        List<Vitals.Sample> later = samples.subList(1, samples.size());
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < Vitals.Sample.NAMES.size(); i++) {
            int which = i;
            double[] x = later.stream().mapToDouble(Vitals.Sample::execs).toArray();
            double[] y = later.stream()
                    .mapToDouble(sample -> sample.values().get(which))
                    .toArray();
            rows.add(List.of(
                    Cell.of(Vitals.Sample.NAMES.get(i)),
                    Cell.of(samples.getFirst().values().get(i), 1),
                    Cell.of(y[0], 1),
                    Cell.of(y[y.length - 1], 1),
                    Cell.of(Slope.of(x, y) * 10_000, 2)));
        }
        return new Grid(
                "growth",
                List.of("of", "at start", "at 10 %", "at the end", "slope per 10,000 execs from 10 % on"),
                rows);
    }
}
