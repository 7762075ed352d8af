package dev.atoll.model.quantity;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or disk in bytes. Written as a whole number with an optional unit: {@code 512Mi}, {@code 2Gi}, {@code 1G}, {@code
 * 1048576}.
 * {@code Ki Mi Gi Ti} are powers of 1024, {@code k M G T} powers of 1000.
 */
public record MemorySize(long bytes) implements Comparable<MemorySize> {
    /** One pebibyte: above it an amount is a mistake, and sums of amounts stay far from overflow. */
    public static final long MAX_BYTES = 1L << 50;

    private static final Pattern FORM = Pattern.compile("(-?[0-9]{1,18})(Ki|Mi|Gi|Ti|k|M|G|T|)");

    public MemorySize {
        if (bytes < 0 || bytes > MAX_BYTES) {
            throw refused(Long.toString(bytes));
        }
    }

    public static MemorySize ofMebibytes(long mebibytes) {
        return new MemorySize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    /** Reads the written form; throws a problem with code {@code invalid_quantity} when it is none or out of range. */
    public static MemorySize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw refused(text);
        }
        long unit = switch (matcher.group(2)) {
            case "Ki" -> 1L << 10;
            case "Mi" -> 1L << 20;
            case "Gi" -> 1L << 30;
            case "Ti" -> 1L << 40;
            case "k" -> 1_000L;
            case "M" -> 1_000_000L;
            case "G" -> 1_000_000_000L;
            case "T" -> 1_000_000_000_000L;
            default -> 1L;
        };
        try {
            return new MemorySize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException e) {
            throw refused(text);
        }
    }

    /** The shortest exact written form, for instance {@code 512Mi}. */
    @Override
    public String toString() {
        String[] units = {"Ti", "Gi", "Mi", "Ki"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (40 - 10 * i);
            if (bytes != 0 && bytes % unit == 0) {
                return bytes / unit + units[i];
            }
        }
        return Long.toString(bytes);
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(bytes, other.bytes);
    }

    private static RuntimeException refused(String text) {
        return Problem.of(
                        ProblemCode.INVALID_QUANTITY,
                        "'" + Written.shown(text) + "' is not an amount of memory.",
                        "Write a whole number of at most 1024Ti with a unit, such as 512Mi or 2Gi.")
                .asException();
    }
}
