package dev.atoll.bench.rest;

import java.util.LinkedHashMap;
import java.util.Map;

/** The header {@code Server-Timing}: entries such as {@code db;dur=0.41}, in milliseconds. What cannot be read is passed over. */
final class ServerTiming {
    /** In lower case. */
    static final String HEADER = "server-timing";

    private static final double NANOS_PER_MILLI = 1e6;
    private static final String DURATION = "dur=";

    private ServerTiming() {}

    /** Nanoseconds by name, in the order of the header; the same name twice is added up. */
    static Map<String, Long> parse(String header) {
        Map<String, Long> parts = new LinkedHashMap<>();
        for (String entry : header.split(",", -1)) {
            String[] words = entry.strip().split(";", -1);
            for (String word : words) {
                if (word.strip().startsWith(DURATION) && !words[0].isBlank()) {
                    add(parts, words[0].strip(), word.strip().substring(DURATION.length()));
                }
            }
        }
        return parts;
    }

    private static void add(Map<String, Long> parts, String name, String millis) {
        try {
            parts.merge(name, Math.round(Double.parseDouble(millis) * NANOS_PER_MILLI), Long::sum);
        } catch (NumberFormatException unreadable) {
            // Passed over: a hint for people must not end a run.
        }
    }
}
