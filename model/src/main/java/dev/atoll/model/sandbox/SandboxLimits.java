package dev.atoll.model.sandbox;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The bounds of what a sandbox may ask for on any host, and the defaults; a host's own capacity may be smaller. */
public final class SandboxLimits {
    /** What gVisor needs to boot, with room for a program. */
    public static final MemorySize MIN_MEMORY = MemorySize.ofMebibytes(64);

    public static final MemorySize MAX_MEMORY = MemorySize.ofMebibytes(4L << 20);
    public static final MemorySize DEFAULT_MEMORY = MemorySize.ofMebibytes(1024);
    public static final CpuAmount MIN_CPU = new CpuAmount(50);
    public static final CpuAmount MAX_CPU = new CpuAmount(512_000);
    public static final CpuAmount DEFAULT_CPU = new CpuAmount(1_000);
    /** A package list or a small build. */
    public static final MemorySize MIN_DISK = MemorySize.ofMebibytes(16);

    public static final MemorySize MAX_DISK = MemorySize.ofMebibytes(1L << 20);
    public static final MemorySize DEFAULT_DISK = MemorySize.ofMebibytes(8L << 10);

    /** A shell with a pipeline. */
    public static final int MIN_PIDS = 16;

    public static final int MAX_PIDS = 32_768;
    public static final Duration MIN_TTL = Duration.ofSeconds(1);
    public static final Duration MAX_TTL = Duration.ofDays(30);
    public static final Duration DEFAULT_TTL = Duration.ofHours(1);

    /** A sandbox is not looked at more often for being idle. */
    public static final Duration MIN_IDLE = Duration.ofSeconds(1);

    /** Holds of one sandbox at a time. */
    public static final int MAX_HOLDS = 16;

    /** A hold is renewed by those who need it for longer. */
    public static final Duration MAX_HOLD = Duration.ofHours(24);

    private static final Pattern HOLD_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");

    private static final int MOST_DEFAULT_PIDS = 1_024;
    private static final int LEAST_DEFAULT_PIDS = 64;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private SandboxLimits() {}

    /**
     * How many processes and threads a sandbox may have when nobody says: 64 and one for each MiB of its memory, at most 1,024. A process
     * that runs costs up to 0.75 MiB before it has touched any memory of its own, one that sleeps 0.26 MiB (measured, see
     * {@code docs/decisions/0009-limits.md}): so a sandbox full of them meets this limit and not the end of its memory.
     */
    public static int defaultPids(MemorySize memory) {
        return (int) Math.min(MOST_DEFAULT_PIDS, LEAST_DEFAULT_PIDS + (memory.bytes() >> 20));
    }

    static void checkSize(CpuAmount cpu, MemorySize memory, MemorySize disk, int pids) {
        within("memory", memory, MIN_MEMORY, MAX_MEMORY, memory.toString());
        within("cpu", cpu, MIN_CPU, MAX_CPU, cpu.toString());
        within("disk", disk, MIN_DISK, MAX_DISK, disk.toString());
        within("pids", pids, MIN_PIDS, MAX_PIDS, Integer.toString(pids));
    }

    static void check(Optional<String> name, Duration ttl) {
        if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The sandbox name is not valid.",
                            "Use 1 to 63 lower-case letters, digits and inner '-'.")
                    .asException();
        }
        within("ttl", ttl, MIN_TTL, MAX_TTL, TimeSpan.format(ttl));
    }

    /** Throws {@code invalid_request} or {@code invalid_quantity} when a hold cannot have this name or last so long. */
    public static void checkHold(String name, Duration lasts) {
        if (!HOLD_NAME.matcher(name).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The name of the hold is not valid.",
                            "Use 1 to 64 letters, digits and inner . _ -")
                    .asException();
        }
        within("for", lasts, MIN_IDLE, MAX_HOLD, TimeSpan.format(lasts));
    }

    static void checkIdle(Duration after) {
        within("idle/after", after, MIN_IDLE, MAX_TTL, TimeSpan.format(after));
    }

    private static <T extends Comparable<T>> void within(String field, T value, T least, T most, String shown) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw Problem.of(
                            ProblemCode.INVALID_QUANTITY,
                            field + " is " + shown + ", which is out of range.",
                            "Ask for at least " + written(least) + " and at most " + written(most) + ".")
                    .asException();
        }
    }

    private static String written(Object bound) {
        return bound instanceof Duration span ? TimeSpan.format(span) : bound.toString();
    }
}
