package dev.atoll.manager.outbox;

import java.time.Duration;

/**
 * How effects are carried out.
 *
 * @param maxRunning most effects carried out at once by this process
 * @param lease how long an effect is left to the process that took it before another may take it up; renewed while it is at it
 * @param sweepEvery how often the queue is looked through for effects that nobody is at; at most half the lease
 * @param sweepLimit most effects taken up in one look
 * @param firstBackoff pause after the first failure; doubled with each further one
 * @param maxBackoff longest pause
 */
public record OutboxSettings(
        int maxRunning,
        Duration lease,
        Duration sweepEvery,
        int sweepLimit,
        Duration firstBackoff,
        Duration maxBackoff) {
    public static final OutboxSettings DEFAULTS = new OutboxSettings(
            128, Duration.ofSeconds(15), Duration.ofSeconds(5), 500, Duration.ofMillis(50), Duration.ofSeconds(5));
}
