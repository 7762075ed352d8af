package dev.atoll.bench.figure;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How long each side took, in milliseconds, and how many times longer the peers took than we did. */
public record Latencies(String title, List<Side> sides) implements Section {
    private static final int[] PERCENTILES = {0, 50, 95, 99, 100};
    private static final String[] NAMES = {"min", "p50", "p95", "p99", "max"};

    /** Whose operation it is. */
    public enum Kind {
        /** The platform's. */
        OURS,
        /** The same by another; compared with ours. */
        PEER,
        /** Something else, for scale. */
        SCALE
    }

    /** A part of an operation; {@code detail} parts are what the platform itself told, and lie within others. */
    public record Phase(String name, Samples samples, boolean detail) {}

    /**
     * One side.
     *
     * @param phases the first is the whole operation, by which sides are compared
     * @param failures why operations failed, one text each
     */
    public record Side(String name, Kind kind, List<Phase> phases, List<String> failures) {
        public Side {
            phases = List.copyOf(phases);
            failures = List.copyOf(failures);
        }

        Samples whole() {
            return phases.getFirst().samples();
        }
    }

    /** How many times longer a peer took than we did, by their medians. */
    private record Ratio(String peer, String ours, double times) {}

    public Latencies {
        sides = List.copyOf(sides);
    }

    @Override
    public String text() {
        Table table = new Table(
                Stream.concat(Stream.concat(Stream.of("milliseconds"), Stream.of(NAMES)), Stream.of("n", "failures"))
                        .toArray(String[]::new));
        for (Side side : sides) {
            for (Phase phase : side.phases()) {
                table.row(row(side, phase));
            }
        }
        StringBuilder text = new StringBuilder(table.text());
        for (Ratio ratio : ratios()) {
            text.append(String.format(
                    Locale.ROOT, "p50 of '%s' / '%s': %.2f%n", ratio.peer(), ratio.ours(), ratio.times()));
        }
        return text.append(Failures.text(failures())).toString();
    }

    private static List<String> row(Side side, Phase phase) {
        boolean whole = phase == side.phases().getFirst();
        List<String> cells = new ArrayList<>();
        cells.add(whole ? side.name() : (phase.detail() ? "    " : "  ") + phase.name());
        Samples samples = phase.samples();
        for (int percent : PERCENTILES) {
            cells.add(samples.count() == 0 ? "-" : String.format(Locale.ROOT, "%.2f", samples.millis(percent)));
        }
        cells.add(String.valueOf(samples.count()));
        cells.add(whole ? String.valueOf(side.failures().size()) : "");
        return cells;
    }

    private List<Ratio> ratios() {
        List<Ratio> ratios = new ArrayList<>();
        for (Side ours : sides) {
            for (Side peer : sides) {
                if (ours.kind() == Kind.OURS
                        && peer.kind() == Kind.PEER
                        && ours.whole().count() > 0
                        && peer.whole().count() > 0) {
                    double times = peer.whole().millis(50) / ours.whole().millis(50);
                    ratios.add(new Ratio(peer.name(), ours.name(), times));
                }
            }
        }
        return ratios;
    }

    @Override
    public JsonObject json() {
        JsonArray all = new JsonArray();
        for (Side side : sides) {
            JsonArray phases = new JsonArray();
            side.phases().forEach(phase -> phases.add(json(phase)));
            all.add(JsonObject.builder()
                    .value("name", side.name())
                    .value("of", side.kind().name().toLowerCase(Locale.ROOT))
                    .value("phases", phases)
                    .value("failures", Failures.json(side.failures()))
                    .done());
        }
        JsonArray ratios = new JsonArray();
        ratios().forEach(ratio -> ratios.add(JsonObject.builder()
                .value("peer", ratio.peer())
                .value("ours", ratio.ours())
                .value("p50_ratio", ratio.times())
                .done()));
        return JsonObject.builder()
                .value("title", title)
                .value("kind", "latencies")
                .value("unit", "ms")
                .value("sides", all)
                .value("ratios", ratios)
                .done();
    }

    private static JsonObject json(Phase phase) {
        JsonObject figures = new JsonObject();
        figures.put("phase", phase.name());
        figures.put("n", phase.samples().count());
        if (phase.samples().count() > 0) {
            for (int i = 0; i < PERCENTILES.length; i++) {
                figures.put(NAMES[i], phase.samples().millis(PERCENTILES[i]));
            }
        }
        return figures;
    }

    @Override
    public List<String> failures() {
        return sides.stream().flatMap(side -> side.failures().stream()).toList();
    }
}
