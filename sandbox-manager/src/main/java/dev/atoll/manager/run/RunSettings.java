package dev.atoll.manager.run;

import java.time.Duration;

/**
 * How runs are carried out and kept.
 *
 * @param maxUnderWay runs at a time in this process
 * @param maxBytesUnderWay bytes that came with them, together
 * @param startPatience how long a sandbox may take to become usable; its image may have to be made first
 * @param keepEnded how long what became of a run can be read
 * @param lease how long a run is left to a process that has fallen silent
 * @param lookEvery how often claims are kept and abandoned runs taken up
 * @param retryAfter pause after a host or the database did not answer
 * @param cancelPatience how long a run that was canceled is given to end its command and bring back what there is
 */
public record RunSettings(
        int maxUnderWay,
        long maxBytesUnderWay,
        Duration startPatience,
        Duration keepEnded,
        Duration lease,
        Duration lookEvery,
        Duration retryAfter,
        Duration cancelPatience) {
    public static final RunSettings DEFAULTS = new RunSettings(
            1_000,
            256L << 20,
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(15),
            Duration.ofMillis(500),
            Duration.ofSeconds(30));
}
