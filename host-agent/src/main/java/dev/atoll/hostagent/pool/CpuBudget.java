package dev.atoll.hostagent.pool;

/**
 * What making boxes ahead of need may use of the processors: so much per second on average, with some seconds' worth saved up for a
 * crowd. Each costs the time it took, which is an upper bound of one core's work. Not thread-safe.
 */
final class CpuBudget {
    private static final double SAVED_SECONDS = 4;

    private final double nanosPerNano;
    private final double most;
    private double left;
    private long lastNanos;

    /** {@code percent} of {@code cores} cores, full at first. */
    CpuBudget(int percent, int cores, long nowNanos) {
        nanosPerNano = percent / 100.0 * cores;
        most = nanosPerNano * SAVED_SECONDS * 1e9;
        left = most;
        lastNanos = nowNanos;
    }

    /** How long until another may be made; 0 when it may now. */
    long waitNanos(long nowNanos) {
        left = Math.min(most, left + (nowNanos - lastNanos) * nanosPerNano);
        lastNanos = nowNanos;
        return left > 0 ? 0 : (long) (-left / nanosPerNano) + 1;
    }

    /** One was made and took so long. */
    void charge(long nanos) {
        left -= nanos;
    }
}
