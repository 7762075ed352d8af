package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxLimits;

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

    private CpuFigures() {}

    static int quotaMicros(BoxLimits limits) {
        return limits.cpuMillis() * MICROS_PER_MILLI_CORE;
    }

    static int bootQuotaMicros(BoxLimits limits) {
        return Math.max(limits.cpuMillis(), BOOT_CPU_MILLIS) * MICROS_PER_MILLI_CORE;
    }

    /** Version 1: relative weight under contention, 1024 per core. */
    static int shares(BoxLimits limits) {
        long shares = (long) limits.cpuMillis() * SHARES_PER_CORE / 1000;
        return Math.clamp(shares, MIN_SHARES, MAX_SHARES);
    }

    /** Version 2: the same weight on its scale of 1–10000, by the usual conversion. */
    static int weight(BoxLimits limits) {
        long shares = shares(limits);
        return (int) (1 + (shares - MIN_SHARES) * (MAX_WEIGHT - 1) / (MAX_SHARES - MIN_SHARES));
    }
}
