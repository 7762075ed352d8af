package dev.atoll.manager.host;

import java.time.Duration;

/**
 * How long a host may take to answer before the call is given up; where a call waits on purpose, its wait comes on top.
 *
 * @param quick calls that do nothing slow
 * @param prepare to make a sandbox; long because the image may have to be made first
 * @param stop to take a sandbox down
 * @param importArchive to take in an image
 */
public record CallSettings(Duration quick, Duration prepare, Duration stop, Duration importArchive) {
    public static final CallSettings DEFAULTS = new CallSettings(
            Duration.ofSeconds(20), Duration.ofMinutes(20), Duration.ofMinutes(2), Duration.ofHours(2));
}
