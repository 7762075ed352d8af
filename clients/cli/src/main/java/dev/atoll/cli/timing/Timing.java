package dev.atoll.cli.timing;

import java.time.Clock;
import java.time.Duration;

/** The time of day, a clock that only goes forward, and waiting. Tests use one whose waits take no time. */
public interface Timing {
    Clock clock();

    /** Nanoseconds since some fixed moment, as {@link System#nanoTime()}. */
    long nanos();

    /** Blocks the calling thread for {@code span}; an interrupt ends the wait early and stays set. */
    void pause(Duration span);

    default long millisSince(long startNanos) {
        return (nanos() - startNanos) / 1_000_000;
    }
}
