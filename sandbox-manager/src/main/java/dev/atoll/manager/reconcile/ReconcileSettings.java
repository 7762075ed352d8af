package dev.atoll.manager.reconcile;

import java.time.Duration;

/**
 * How the desired and the observed are kept together.
 *
 * @param resyncEvery how often a host is asked for everything it has, so that nothing stays wrong for longer
 * @param confirmAfter how long after a sandbox was missed the host is asked once more, before it is given up
 * @param recordWithin how long after it was first seen on a host a sandbox may be on record nowhere: one that was claimed early is written
 *     down within less, as a create that waits longer for a connection of the database fails
 * @param hostLostAfter how long a host may be silent before its sandboxes are given up
 * @param firstBackoff pause after the first failed attempt at a host; doubled with each further one
 * @param maxBackoff longest pause
 * @param expiryCheckEvery longest time between looks for sandboxes whose ttl is over, for those that another process made
 * @param expiryBatch most sandboxes ended in one look
 * @param keepEnded how long ended sandboxes can still be read
 * @param keepKeys how long a used idempotency key is remembered
 * @param keepEvents how long what happened can be read
 * @param eventsOfSandbox most events kept of one sandbox; beyond it the oldest go with the next purge
 * @param purgeEvery how often what is past its time is deleted
 * @param purgeBatch most rows deleted in one statement
 */
public record ReconcileSettings(
        Duration resyncEvery,
        Duration confirmAfter,
        Duration recordWithin,
        Duration hostLostAfter,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration expiryCheckEvery,
        int expiryBatch,
        Duration keepEnded,
        Duration keepKeys,
        Duration keepEvents,
        int eventsOfSandbox,
        Duration purgeEvery,
        int purgeBatch) {
    public static final ReconcileSettings DEFAULTS = new ReconcileSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            Duration.ofMinutes(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            200,
            Duration.ofDays(7),
            Duration.ofHours(24),
            Duration.ofDays(7),
            10_000,
            Duration.ofMinutes(10),
            1_000);
}
