package dev.atoll.manager.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens pools of connections and brings the tables up to date. */
final class ConnectionPools {
    private static final String MIGRATIONS = "classpath:dev/atoll/manager/store/migrations";

    /** The version of the newest file among the migrations: a start that finds it in the database need not load and run Flyway. */
    static final String NEWEST_VERSION = "9";

    /** For how many ms after its last use a connection is handed out without a round trip that shows that it lives. */
    private static final String UNCHECKED_MILLIS = "com.zaxxer.hikari.aliveBypassWindowMs";

    private static final String CURRENT_VERSION =
            "select version from flyway_schema_history where success order by installed_rank desc limit 1";

    private static final String NO_SUCH_TABLE = "42P01";

    private ConnectionPools() {}

    /** Of a server that somebody else runs, who may end connections that are idle: one that rested is looked at before it is used. */
    static HikariDataSource open(PGSimpleDataSource server, ConnectionSettings settings) {
        return new HikariDataSource(prepared(server, settings));
    }

    /**
     * Of a server of our own: its connections are used without a look, which is a round trip and would be most of a create's way to the
     * database and back. They end only if it does; the first that is found dead is reported to its caller and takes the others with it.
     */
    static HikariDataSource openOurs(PGSimpleDataSource server, ConnectionSettings settings) {
        HikariConfig config = prepared(server, settings);
        LostServer lost = new LostServer();
        config.setExceptionOverride(lost);
        synchronized (ConnectionPools.class) {
            // A pool has no setting for it, and reads the property once, when it is made.
            System.setProperty(UNCHECKED_MILLIS, Long.toString(Long.MAX_VALUE));
            try {
                return lost.watching(new HikariDataSource(config));
            } finally {
                System.clearProperty(UNCHECKED_MILLIS);
            }
        }
    }

    private static HikariConfig prepared(PGSimpleDataSource server, ConnectionSettings settings) {
        server.setApplicationName("atoll");
        server.setTcpKeepAlive(true);
        if (!isUpToDate(server)) {
            migrate(server);
        }
        HikariConfig config = new HikariConfig();
        config.setDataSource(server);
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(settings.patience().toMillis());
        config.setPoolName("atoll");
        return config;
    }

    private static void migrate(DataSource server) {
        Flyway.configure()
                .dataSource(server)
                .locations(MIGRATIONS)
                .failOnMissingLocations(true)
                .load()
                .migrate();
    }

    private static boolean isUpToDate(DataSource server) {
        return currentVersion(server).filter(NEWEST_VERSION::equals).isPresent();
    }

    /** The newest migration that the database has; empty when it has none of ours. */
    static Optional<String> currentVersion(DataSource server) {
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CURRENT_VERSION)) {
            return row.next() ? Optional.of(row.getString("version")) : Optional.empty();
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw new IllegalStateException(e);
        }
    }
}
