package dev.atoll.bench;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.bench.Interleaving.Result;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of one run.
 *
 * @param results ours first; the second is the peer that ours is compared with
 */
record Report(String benchmark, Map<String, String> conditions, List<Result> results) {
    private static final int[] PERCENTILES = {0, 50, 95, 99, 100};

    /** For people. */
    String text() {
        StringBuilder text = new StringBuilder();
        conditions.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        Table table = new Table("milliseconds", "min", "p50", "p95", "p99", "max", "n", "failures");
        for (Result result : results) {
            for (int phase = 0; phase < result.phaseNames().size(); phase++) {
                table.row(row(result, phase));
            }
        }
        text.append('\n').append(table.text()).append('\n');
        for (Result peer : results.subList(1, results.size())) {
            if (isComparable(peer)) {
                text.append(String.format(Locale.ROOT, "p50 of '%s' / ours: %.2f%n", peer.name(), ratio(peer)));
            }
        }
        for (Result result : results) {
            result.failures().stream()
                    .distinct()
                    .forEach(why -> text.append("failed: ").append(why).append('\n'));
        }
        return text.toString();
    }

    private static List<String> row(Result result, int phase) {
        String name = phase == 0 ? result.name() : "  " + result.phaseNames().get(phase);
        Samples samples = result.phase(phase);
        return List.of(
                name,
                figure(samples, PERCENTILES[0]),
                figure(samples, PERCENTILES[1]),
                figure(samples, PERCENTILES[2]),
                figure(samples, PERCENTILES[3]),
                figure(samples, PERCENTILES[4]),
                String.valueOf(samples.count()),
                String.valueOf(result.failures().size()));
    }

    private static String figure(Samples samples, int percent) {
        return samples.count() == 0 ? "-" : String.format(Locale.ROOT, "%.2f", samples.millis(percent));
    }

    private boolean isComparable(Result peer) {
        return peer.isPeer()
                && peer.whole().count() > 0
                && results.getFirst().whole().count() > 0;
    }

    /** How many times longer the peer takes than we do. */
    private double ratio(Result peer) {
        return peer.whole().millis(50) / results.getFirst().whole().millis(50);
    }

    boolean hasFailures() {
        return results.stream().anyMatch(result -> !result.failures().isEmpty());
    }

    /** For machines: the same, in milliseconds. */
    String json() {
        JsonObject said = new JsonObject();
        said.putAll(conditions);
        JsonArray sides = new JsonArray();
        for (Result result : results) {
            JsonArray phases = new JsonArray();
            for (int phase = 0; phase < result.phaseNames().size(); phase++) {
                phases.add(json(result.phaseNames().get(phase), result.phase(phase)));
            }
            JsonObject side = new JsonObject();
            side.put("name", result.name());
            side.put("phases", phases);
            side.put("failures", result.failures().size());
            if (isComparable(result)) {
                side.put("p50_ratio_to_atoll", ratio(result));
            }
            sides.add(side);
        }
        JsonObject all = new JsonObject();
        all.put("benchmark", benchmark);
        all.put("unit", "ms");
        all.put("conditions", said);
        all.put("results", sides);
        return JsonWriter.string(all) + "\n";
    }

    private static JsonObject json(String name, Samples samples) {
        JsonObject figures = new JsonObject();
        figures.put("phase", name);
        figures.put("n", samples.count());
        if (samples.count() > 0) {
            for (int percent : PERCENTILES) {
                figures.put(percent == 0 ? "min" : percent == 100 ? "max" : "p" + percent, samples.millis(percent));
            }
        }
        return figures;
    }
}
