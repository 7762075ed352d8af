package dev.atoll.manager;

import dev.atoll.manager.context.ContextStoreContract;
import dev.atoll.manager.context.InMemoryContextStore;
import dev.atoll.manager.context.PostgresContextStore;
import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.session.InMemorySessionStore;
import dev.atoll.manager.session.PostgresSessionStore;
import dev.atoll.manager.session.SessionStoreContract;
import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stores of sessions and contexts, in memory and in Postgres, do the same. */
class SessionAndContextStoresIT {
    private final Ids ids = new Ids(new Random());

    @Test
    void inMemory() {
        SessionStoreContract.check(new InMemorySessionStore(), ids.sandbox());
        ContextStoreContract.check(new InMemoryContextStore(), ids.sandbox());
    }

    @Test
    void inPostgres() {
        try (ExternalDatabase database = TestingDatabase.open();
                TestingManager manager =
                        TestingManager.on(database, FakeHost.large(ids.host(), TestingManager.clock()))) {
            SandboxId sandbox = manager.sandboxes()
                    .create(manager.caller(), TestingSpecs.spec(), Optional.empty(), Duration.ofSeconds(20))
                    .sandbox()
                    .id();
            SqlSessions sessions = new SqlSessions(database.dataSource());
            SessionStoreContract.check(new PostgresSessionStore(sessions), sandbox);
            ContextStoreContract.check(new PostgresContextStore(sessions), sandbox);
        }
    }
}
