package dev.atoll.manager.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.store.SqlSessions;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The store of signed URLs, in memory and in Postgres alike. */
final class UrlStoreIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void keepsItsPromisesInMemory() {
        check(new InMemoryUrlStore());
    }

    @Test
    void keepsItsPromisesInPostgres() {
        try (ExternalDatabase database = TestingDatabase.open()) {
            check(new PostgresUrlStore(new SqlSessions(database.dataSource())));
        }
    }

    private static void check(UrlStore store) {
        byte[] secret = store.secret(new byte[] {1, 2}, NOW);
        assertThat(store.secret(new byte[] {3}, NOW)).isEqualTo(secret).containsExactly(1, 2);
        byte[] nonce = {9, 9};
        assertThat(store.use(nonce, NOW.plusSeconds(5))).isTrue();
        assertThat(store.use(nonce, NOW.plusSeconds(5))).isFalse();
        store.giveBack(nonce);
        assertThat(store.use(nonce, NOW.plusSeconds(5))).isTrue();
        assertThat(store.forgetExpired(NOW, 10)).isZero();
        assertThat(store.forgetExpired(NOW.plusSeconds(6), 10)).isEqualTo(1);
    }
}
