package dev.atoll.manager.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PostgresKeyStoreIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.000001Z");

    private final Ids ids = new Ids(new Random());

    @Test
    void keepsKeysAndTheFirstWorkspace() {
        try (ExternalDatabase database = TestingDatabase.open()) {
            KeyStore store = new PostgresKeyStore(new SqlSessions(database.dataSource()));
            WorkspaceId first = store.firstWorkspace(ids.workspace(), NOW);
            assertThat(store.firstWorkspace(ids.workspace(), NOW.minusSeconds(1)))
                    .isEqualTo(first);

            StoredKey key = new StoredKey(ids.key(), first, "admin", "ab".repeat(32), NOW);
            store.insert(key);
            assertThat(store.find(key.hash())).contains(key);
            assertThat(store.find("cd".repeat(32))).isEmpty();
        }
    }
}
