package dev.atoll.cli.terminal;

import java.util.Locale;

/** Byte counts for people: {@code 812 B}, {@code 4.2 MiB}, {@code 1.3 GiB}. */
public final class Bytes {
    private static final String UNITS = "KMGTPE";

    private Bytes() {}

    public static String shown(long count) {
        if (count < 1_024) {
            return count + " B";
        }
        double amount = count;
        int unit = -1;
        while (amount >= 1_024 && unit < UNITS.length() - 1) {
            amount /= 1_024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", amount, UNITS.charAt(unit));
    }
}
