package dev.atoll.model.quantity;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms}, {@code 30s}, {@code 10m}, {@code 1h30m}, {@code 2d}; {@code 0s} is allowed. */
public final class TimeSpan {
    /** Ten years: above it a duration is a mistake. */
    public static final Duration MAX = Duration.ofDays(3_650);

    private static final Pattern FORM = Pattern.compile(
            "(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

    private TimeSpan() {}

    /** Reads the written form; throws a problem with code {@code invalid_quantity} when it is none or longer than {@link #MAX}. */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw refused(text);
        }
        Duration sum = Duration.ofDays(number(matcher, 1))
                .plusHours(number(matcher, 2))
                .plusMinutes(number(matcher, 3))
                .plusSeconds(number(matcher, 4))
                .plusMillis(number(matcher, 5));
        if (sum.compareTo(MAX) > 0) {
            throw refused(text);
        }
        return sum;
    }

    /** The written form, read back by {@link #parse} to the same duration; parts under a millisecond are dropped. */
    public static String format(Duration span) {
        StringBuilder text = new StringBuilder();
        append(text, span.toDays(), "d");
        append(text, span.toHoursPart(), "h");
        append(text, span.toMinutesPart(), "m");
        append(text, span.toSecondsPart(), "s");
        append(text, span.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }

    private static long number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static RuntimeException refused(String text) {
        return Problem.of(
                        ProblemCode.INVALID_QUANTITY,
                        "'" + Written.shown(text) + "' is not a duration.",
                        "Write a whole number with a unit, such as 30s, 10m, 1h30m or 2d; at most 3650d.")
                .asException();
    }
}
