package dev.atoll.manager.timer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses between attempts: doubling up to a limit, each shortened by up to a half at random so that many do not come back at once. */
public final class Backoff {
    /** Two to this power is far above any limit. */
    private static final int MAX_DOUBLINGS = 30;

    private final Duration first;
    private final Duration max;
    private final RandomGenerator random;

    public Backoff(Duration first, Duration max, RandomGenerator random) {
        this.first = first;
        this.max = max;
        this.random = random;
    }

    /** The pause after {@code failures} failures in a row, at least one. */
    public Duration after(int failures) {
        double doubled = first.toMillis() * Math.pow(2, Math.min(failures - 1, MAX_DOUBLINGS));
        double capped = Math.min(doubled, max.toMillis());
        return Duration.ofMillis((long) (capped * (0.5 + random.nextDouble() / 2)));
    }
}
