package dev.atoll.manager.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Sees by the error of a statement that the server has ended, and lets the pool make all its connections anew: what started in its place
 * knows none of them. Thread-safe.
 */
final class LostServer implements SQLExceptionOverride {
    private volatile @Nullable HikariDataSource pool;

    HikariDataSource watching(HikariDataSource watched) {
        pool = watched;
        return watched;
    }

    @java.lang.Override
    public Override adjudicate(SQLException failed) {
        HikariDataSource watched = pool;
        if (watched != null && isLost(failed)) {
            watched.getHikariPoolMXBean().softEvictConnections();
        }
        return Override.CONTINUE_EVICT;
    }

    private static boolean isLost(SQLException failed) {
        String state = failed.getSQLState();
        // A broken connection; a server that stops or has not started yet.
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }
}
