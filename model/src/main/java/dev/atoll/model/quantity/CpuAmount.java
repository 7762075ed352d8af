package dev.atoll.model.quantity;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** An amount of CPU in thousandths of a core. Written as {@code 1500m}, {@code 2} or {@code 0.5}. */
public record CpuAmount(long millis) implements Comparable<CpuAmount> {
    /** 10,000 cores: above it an amount is a mistake. */
    public static final long MAX_MILLIS = 10_000_000;

    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,9}m");
    private static final Pattern CORES = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,3})?");

    public CpuAmount {
        if (millis <= 0 || millis > MAX_MILLIS) {
            throw refused(millis + "m");
        }
    }

    /** Reads the written form; throws a problem with code {@code invalid_quantity} when it is none or out of range. */
    public static CpuAmount parse(String text) {
        if (MILLIS.matcher(text).matches()) {
            return new CpuAmount(Long.parseLong(text, 0, text.length() - 1, 10));
        }
        if (CORES.matcher(text).matches()) {
            return new CpuAmount(new BigDecimal(text).movePointRight(3).longValueExact());
        }
        throw refused(text);
    }

    /** Whole cores as {@code 2}, everything else as {@code 1500m}. */
    @Override
    public String toString() {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : millis + "m";
    }

    @Override
    public int compareTo(CpuAmount other) {
        return Long.compare(millis, other.millis);
    }

    private static RuntimeException refused(String text) {
        return Problem.of(
                        ProblemCode.INVALID_QUANTITY,
                        "'" + Written.shown(text) + "' is not an amount of CPU.",
                        "Write thousandths of a core such as 1500m, or cores such as 2 or 0.5; more than nothing, at most 10000.")
                .asException();
    }
}
