package dev.atoll.manager;

import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.host.FakeHost;
import org.junit.jupiter.api.AfterEach;

final class PostgresUseCasesIT extends UseCasesContract {
    private ExternalDatabase database;

    @Override
    TestingManager open(FakeHost host) {
        if (database == null) {
            database = TestingDatabase.open();
        }
        return TestingManager.on(database, host);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }
}
