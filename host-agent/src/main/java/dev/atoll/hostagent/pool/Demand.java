package dev.atoll.hostagent.pool;

import java.time.Duration;

/**
 * How much boxes of one template are wanted, told from when they were taken: by a rate over some half a minute, so that a steady flow
 * finds one ready, and by the largest crowd of the last minutes, so that the next one does. Both fade by half-lives; the arithmetic is
 * that of an exponentially weighted counter. Pure but for what it remembers; not thread-safe.
 */
final class Demand {
    private static final double RATE_HALF_LIFE_SECONDS = 30;
    private static final double CROWD_HALF_LIFE_SECONDS = 0.5;
    private static final double PEAK_HALF_LIFE_SECONDS = 120;

    /** How many seconds' worth of the flow is kept ready: several times what making one takes. */
    private static final double LEAD_SECONDS = 2;

    private static final double NANOS_PER_SECOND = 1e9;

    private long lastNanos;
    private boolean ever;
    private double flow;
    private double crowd;
    private double peak;

    /** One was asked for at this moment of a monotonic clock. */
    void asked(long nowNanos) {
        fade(nowNanos);
        flow += 1;
        crowd += 1;
        peak = Math.max(peak, crowd);
        lastNanos = nowNanos;
        ever = true;
    }

    /** Whether any was asked for in the last {@code within}. */
    boolean isLive(long nowNanos, Duration within) {
        return ever && nowNanos - lastNanos <= within.toNanos();
    }

    /** When one was asked for last; meaningless when none ever was. */
    long lastNanos() {
        return lastNanos;
    }

    /** How many should be ready now, at least 1. */
    int wanted(long nowNanos) {
        double seconds = Math.max(0, nowNanos - lastNanos) / NANOS_PER_SECOND;
        double perSecond = faded(flow, seconds, RATE_HALF_LIFE_SECONDS) * Math.log(2) / RATE_HALF_LIFE_SECONDS;
        double crowdToCome = faded(peak, seconds, PEAK_HALF_LIFE_SECONDS);
        return (int) Math.clamp(Math.round(Math.max(perSecond * LEAD_SECONDS, crowdToCome)), 1, Integer.MAX_VALUE);
    }

    private void fade(long nowNanos) {
        if (ever) {
            double seconds = Math.max(0, nowNanos - lastNanos) / NANOS_PER_SECOND;
            flow = faded(flow, seconds, RATE_HALF_LIFE_SECONDS);
            crowd = faded(crowd, seconds, CROWD_HALF_LIFE_SECONDS);
            peak = faded(peak, seconds, PEAK_HALF_LIFE_SECONDS);
        }
    }

    private static double faded(double value, double seconds, double halfLifeSeconds) {
        return value * Math.pow(2, -seconds / halfLifeSeconds);
    }
}
