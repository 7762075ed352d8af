package dev.atoll.hostagent.files;

import java.time.Duration;

/**
 * How many file operations a sandbox does at once, and how long its processes for them are kept.
 *
 * @param operations at once in one sandbox, watches apart
 * @param watches at once in one sandbox
 * @param turn how long one waits for its turn before it is refused
 * @param idle after which a process that does nothing is ended
 * @param start how long a process may take until it can be asked
 */
public record FileSettings(int operations, int watches, Duration turn, Duration idle, Duration start) {
    public static final FileSettings DEFAULT =
            new FileSettings(8, 8, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));

    public FileSettings {
        if (operations < 1 || watches < 1) {
            throw new IllegalArgumentException("a sandbox must be allowed one operation and one watch");
        }
    }
}
