package dev.atoll.hostagent.retained;

import java.time.Duration;

/**
 * How long, and how much of, what ended sandboxes said is kept on a host.
 *
 * @param keepFor counted from the end of the sandbox
 * @param bytes most output of all ended sandboxes together; beyond it the sandbox that ended first is let go
 * @param sandboxes most ended sandboxes; beyond it those that ran nothing are let go first, then the one that ended first
 */
public record RetentionSettings(Duration keepFor, long bytes, int sandboxes) {
    public static final RetentionSettings DEFAULT = new RetentionSettings(Duration.ofHours(24), 4L << 30, 10_000);

    public RetentionSettings {
        if (keepFor.isNegative() || bytes < 0 || sandboxes < 0) {
            throw new IllegalArgumentException("retention must not be negative");
        }
    }
}
