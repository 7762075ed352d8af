package dev.atoll.manager.run;

import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.store.SqlSessions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresRunStoreIT extends RunStoreContract {
    private final ExternalDatabase database = TestingDatabase.open();
    private final RunStore store = new PostgresRunStore(new SqlSessions(database.dataSource()));

    @AfterAll
    void close() {
        database.close();
    }

    @Override
    RunStore store() {
        return store;
    }
}
