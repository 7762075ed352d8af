package dev.atoll.bench.figure;

import com.grack.nanojson.JsonArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reasons of failures, the same ones together. */
final class Failures {
    private static final int LONGEST = 600;

    private Failures() {}

    static String text(List<String> failures) {
        StringBuilder text = new StringBuilder();
        counted(failures)
                .forEach((why, times) -> text.append("failed")
                        .append(times == 1 ? "" : " " + times + " times")
                        .append(": ")
                        .append(why)
                        .append('\n'));
        return text.toString();
    }

    static JsonArray json(List<String> failures) {
        JsonArray all = new JsonArray();
        all.addAll(failures);
        return all;
    }

    private static Map<String, Integer> counted(List<String> failures) {
        Map<String, Integer> counted = new LinkedHashMap<>();
        failures.forEach(
                why -> counted.merge(why.length() > LONGEST ? why.substring(0, LONGEST) + "…" : why, 1, Integer::sum));
        return counted;
    }
}
