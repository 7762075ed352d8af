package dev.atoll.manager.database;

import java.time.Duration;

/**
 * How connections are kept.
 *
 * @param poolSize most connections. Small: a statement takes a fraction of a millisecond, and more at once than the database has cores only
 *     queue there
 * @param patience how long a call waits for a free connection before it fails with {@code database_unavailable}
 */
public record ConnectionSettings(int poolSize, Duration patience) {
    public static final ConnectionSettings DEFAULTS = new ConnectionSettings(12, Duration.ofSeconds(10));
}
