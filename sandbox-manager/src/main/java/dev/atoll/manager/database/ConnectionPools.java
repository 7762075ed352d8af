package dev.atoll.manager.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens pools of connections and brings the tables up to date. */
final class ConnectionPools {
    private static final String MIGRATIONS = "classpath:dev/atoll/manager/store/migrations";

    private ConnectionPools() {}

    static HikariDataSource open(PGSimpleDataSource server, ConnectionSettings settings) {
        server.setApplicationName("atoll");
        server.setTcpKeepAlive(true);
        Flyway.configure()
                .dataSource(server)
                .locations(MIGRATIONS)
                .failOnMissingLocations(true)
                .load()
                .migrate();
        HikariConfig config = new HikariConfig();
        config.setDataSource(server);
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(settings.patience().toMillis());
        config.setPoolName("atoll");
        return new HikariDataSource(config);
    }
}
