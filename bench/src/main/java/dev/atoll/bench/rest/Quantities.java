package dev.atoll.bench.rest;

import java.math.BigDecimal;
import java.util.Map;

/** Amounts as the API writes them, so that {@code 2} and {@code 2000m} are the same. */
final class Quantities {
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
    private static final Map<String, Long> UNITS = Map.of(
            "Ki",
            1L << 10,
            "Mi",
            1L << 20,
            "Gi",
            1L << 30,
            "Ti",
            1L << 40,
            "k",
            1_000L,
            "M",
            1_000_000L,
            "G",
            1_000_000_000L,
            "T",
            1_000_000_000_000L);

    private Quantities() {}

    /** Thousandths of a core. */
    static long cpuMillis(String text) {
        return text.endsWith("m")
                ? Long.parseLong(text.substring(0, text.length() - 1))
                : new BigDecimal(text).multiply(MILLIS).longValueExact();
    }

    /** Bytes. */
    static long bytes(String text) {
        String unit = text.replaceFirst("^[0-9]+", "");
        long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return unit.isEmpty() ? amount : amount * UNITS.getOrDefault(unit, 0L);
    }
}
