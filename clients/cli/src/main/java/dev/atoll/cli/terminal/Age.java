package dev.atoll.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** How long ago, or how long until, in the one or two largest units: {@code 42s}, {@code 3m}, {@code 5h}, {@code 12d}. */
public final class Age {
    private Age() {}

    /** The distance between {@code time} (RFC 3339) and {@code now}; {@code -} when there is no time. */
    public static String between(String time, Instant now) {
        if (time.isEmpty()) {
            return "-";
        }
        try {
            return of(Duration.between(Instant.parse(time), now).abs());
        } catch (DateTimeParseException unknown) {
            return time;
        }
    }

    static String of(Duration span) {
        if (span.toMinutes() < 2) {
            return span.toSeconds() + "s";
        }
        if (span.toHours() < 2) {
            return span.toMinutes() + "m";
        }
        if (span.toDays() < 2) {
            return span.toHours() + "h";
        }
        return span.toDays() + "d";
    }
}
