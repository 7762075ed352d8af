package dev.atoll.manager.database;

import javax.sql.DataSource;

/** A Postgres that is open and has our tables in the newest version. */
public sealed interface Database extends AutoCloseable permits EmbeddedDatabase, ExternalDatabase {
    /** Connections to it; blocks callers beyond the pool's size. */
    DataSource dataSource();

    /** Whether no other process works on it at the same time. */
    boolean isExclusive();

    /** Closes the connections, and stops the server if it is ours. */
    @Override
    void close();
}
