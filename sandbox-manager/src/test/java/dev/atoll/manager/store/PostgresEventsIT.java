package dev.atoll.manager.store;

import static org.awaitility.Awaitility.await;

import dev.atoll.manager.database.EmbeddedDatabase;
import dev.atoll.manager.database.TestingDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The log of events in the Postgres under the data directory. */
final class PostgresEventsIT extends EventsContract {
    private static EmbeddedDatabase database;
    private static SqlSessions sessions;

    @BeforeAll
    static void open(@TempDir Path directory) {
        database = TestingDatabase.openEmbedded(directory);
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

    @Override
    EventStore events() {
        return new PostgresEventStore(sessions);
    }

    /** The database has work of its own, such as gathering statistics. */
    @Override
    void settle() {
        await().until(() -> sessions.statement(handle -> handle.createQuery(
                        "select pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())")
                .mapTo(Boolean.class)
                .one()));
    }

    @Override
    SandboxTimes times() {
        return new PostgresSandboxTimes(sessions);
    }
}
