package dev.atoll.hostagent.usage;

import java.time.Duration;

/**
 * How what sandboxes use is watched.
 *
 * @param every between two samples of a sandbox
 * @param kept samples of one sandbox; with the defaults an hour of them, 26 KB
 * @param diskLooks of so many looks one is at the disk too, which costs more than the rest together
 */
public record UsageSettings(Duration every, int kept, int diskLooks) {
    public static final UsageSettings DEFAULT = new UsageSettings(Duration.ofSeconds(5), 720, 6);
}
