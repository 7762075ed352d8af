package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;

/** Thousandths of a core in the units of the kernel. */
final class CpuFigures {

    /** Length of one quota period in microseconds: the kernel's own default. */
    static final int PERIOD_MICROS = 100_000;

    private static final int MICROS_PER_MILLI_CORE = PERIOD_MICROS / 1000;

    /**
     * A boot may use two cores: a small quota would stretch it by whole periods. Two, because runsc never shows fewer
     * than two CPUs, so the number it derives from the quota stays the one it would derive from the settled quota.
     */
    private static final int BOOT_CPU_MILLIS = 2_000;

    private static final int SHARES_PER_CORE = 1_024;
    private static final int MIN_SHARES = 2;
    private static final int MAX_SHARES = 262_144;
    private static final int MAX_WEIGHT = 10_000;

    /**
     * Enough that a boot ends within some seconds on a host whose CPUs all want more than they get, and so little that a
     * box of one core does not feel it.
     */
    private static final int BACKGROUND_SHARES = 16;

    private CpuFigures() {}

    static int quotaMicros(BoxLimits limits) {
        return limits.cpuMillis() * MICROS_PER_MILLI_CORE;
    }

    static int bootQuotaMicros(BoxLimits limits) {
        return Math.max(limits.cpuMillis(), BOOT_CPU_MILLIS) * MICROS_PER_MILLI_CORE;
    }

    /** Version 1: relative weight under contention, 1024 per core. */
    static int shares(BoxLimits limits, BoxPriority priority) {
        long normal = (long) limits.cpuMillis() * SHARES_PER_CORE / 1000;
        long shares = switch (priority) {
            case NORMAL -> normal;
            case BACKGROUND, YIELDING -> Math.min(normal, BACKGROUND_SHARES);
        };
        return Math.clamp(shares, MIN_SHARES, MAX_SHARES);
    }

    /** Version 2: the same weight on its scale of 1–10000, by the usual conversion. */
    static int weight(BoxLimits limits, BoxPriority priority) {
        return weightOf(shares(limits, priority));
    }

    /** Version 1: the weight of whole cores. */
    static int sharesOfCores(int cores) {
        return (int) Math.clamp((long) cores * SHARES_PER_CORE, MIN_SHARES, MAX_SHARES);
    }

    /** Version 2: the same. */
    static int weightOfCores(int cores) {
        return weightOf(sharesOfCores(cores));
    }

    private static int weightOf(long shares) {
        return (int) (1 + (shares - MIN_SHARES) * (MAX_WEIGHT - 1) / (MAX_SHARES - MIN_SHARES));
    }
}
