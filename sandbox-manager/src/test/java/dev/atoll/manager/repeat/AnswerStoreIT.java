package dev.atoll.manager.repeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.store.SqlSessions;
import dev.atoll.manager.timer.ManualClock;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Kept answers, in memory and in Postgres alike. */
final class AnswerStoreIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Ids ids = new Ids(new Random(3));
    private final Caller caller = new Caller(ids.workspace(), ids.key());

    @Test
    void keepsItsPromisesInMemory() {
        check(new InMemoryAnswers());
        repeats(new InMemoryAnswers());
        bounded(new InMemoryAnswers());
    }

    @Test
    void keepsItsPromisesInPostgres() {
        try (ExternalDatabase database = TestingDatabase.open()) {
            AnswerStore store = new PostgresAnswerStore(new SqlSessions(database.dataSource()));
            check(store);
            repeats(store);
            bounded(store);
        }
    }

    private void check(AnswerStore store) {
        KeyedRequest request = request("k", "a");
        assertThat(store.claim(caller.workspace(), request, NOW)).isInstanceOf(AnswerStore.Known.Open.class);
        assertThat(store.claim(caller.workspace(), request, NOW)).isInstanceOf(AnswerStore.Known.Open.class);
        assertThat(store.claim(caller.workspace(), request("k", "b"), NOW))
                .isInstanceOf(AnswerStore.Known.Conflict.class);
        store.release(caller.workspace(), request);
        assertThat(store.claim(caller.workspace(), request("k", "b"), NOW)).isInstanceOf(AnswerStore.Known.Open.class);
        store.answer(caller.workspace(), request("k", "b"), new byte[] {7});
        assertThat(store.claim(caller.workspace(), request("k", "b"), NOW))
                .isInstanceOfSatisfying(
                        AnswerStore.Known.Answered.class,
                        known -> assertThat(known.answer()).containsExactly(7));
        assertThat(store.forget(NOW, 10)).isZero();
        assertThat(store.forget(NOW.plusSeconds(1), 10)).isEqualTo(1);
    }

    private void bounded(AnswerStore store) {
        for (int i = 0; i < 4; i++) {
            KeyedRequest request = request("large " + i, "a");
            assertThat(store.claim(caller.workspace(), request, NOW.plusSeconds(i)))
                    .isInstanceOf(AnswerStore.Known.Open.class);
            store.answer(caller.workspace(), request, new byte[100]);
        }
        store.forgetBeyond(ids.workspace(), 0);
        store.forgetBeyond(caller.workspace(), 250);
        for (int i = 0; i < 4; i++) {
            assertThat(store.claim(caller.workspace(), request("large " + i, "a"), NOW))
                    .as("the answer of request %s", i)
                    .isInstanceOf(i < 2 ? AnswerStore.Known.Forgotten.class : AnswerStore.Known.Answered.class);
        }
    }

    private void repeats(AnswerStore store) {
        Repeats repeats = new Repeats(store, new ManualClock(NOW));
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("again"));
        RequestHash hash = RequestHash.of("op", List.of("x"));
        AtomicInteger done = new AtomicInteger();
        assertThatThrownBy(() -> repeats.once(caller, key, hash, () -> {
                    throw Problem.of(ProblemCode.FILE_NOT_FOUND, "not yet").asException();
                }))
                .isInstanceOf(ProblemException.class);
        for (int i = 0; i < 3; i++) {
            assertThat(repeats.once(caller, key, hash, () -> new byte[] {(byte) done.incrementAndGet()}))
                    .containsExactly(1);
        }
        assertThat(repeats.once(caller, Optional.empty(), hash, () -> new byte[] {5}))
                .containsExactly(5);
        assertThatThrownBy(() -> repeats.once(caller, key, RequestHash.of("op", List.of("y")), () -> new byte[0]))
                .hasMessageContaining("idempotency_conflict");
    }

    private static KeyedRequest request(String key, String what) {
        return new KeyedRequest(new IdempotencyKey(key), RequestHash.of("op", List.of(what)));
    }
}
