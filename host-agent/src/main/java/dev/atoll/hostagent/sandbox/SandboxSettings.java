package dev.atoll.hostagent.sandbox;

import java.time.Duration;

/**
 * How sandboxes are made and taken down.
 *
 * @param attachTimeout the longest that a started box may take until its PID 1 answers
 * @param stopGrace between SIGTERM and the end of a sandbox that is stopped while commands run in it
 * @param endedRetention how long the execs of a sandbox that ended by itself can be read
 * @param imageWait how long making a sandbox waits for an image that is being made
 * @param liveSandboxes most sandboxes at once, those being made and taken down included
 */
public record SandboxSettings(
        Duration attachTimeout, Duration stopGrace, Duration endedRetention, Duration imageWait, int liveSandboxes) {
    public static final SandboxSettings DEFAULT = new SandboxSettings(
            Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofMinutes(10), Duration.ofMinutes(30), 4_000);
}
