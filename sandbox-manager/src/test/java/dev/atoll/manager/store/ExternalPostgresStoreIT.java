package dev.atoll.manager.store;

import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A Postgres that is only known by its URL. */
final class ExternalPostgresStoreIT extends SandboxStoreContract {
    private static ExternalDatabase database;
    private static SqlSessions sessions;

    @BeforeAll
    static void open() {
        database = TestingDatabase.open();
        sessions = new SqlSessions(database.dataSource());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    SandboxStore store() {
        return new PostgresSandboxStore(sessions);
    }

    @Override
    EffectQueue effects() {
        return new PostgresEffectQueue(sessions);
    }
}
