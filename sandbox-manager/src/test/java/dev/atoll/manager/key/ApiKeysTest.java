package dev.atoll.manager.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.timer.ManualClock;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ApiKeysTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final InMemoryKeyStore kept = new InMemoryKeyStore();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Random random = new Random(7);
    private final ApiKeys keys = new ApiKeys(new Counting(), new Ids(random), random, clock);

    @Test
    void knowsItsKeys() {
        ApiKey key = keys.bootstrap(Optional.empty()).orElseThrow();
        assertThat(keys.authenticate(key.secret())).isEqualTo(new Caller(key.workspace(), key.id()));
        assertThat(key.secret()).matches("atoll_[A-Za-z0-9_-]{49}");
        assertThat(key.toString()).doesNotContain(key.secret());
    }

    @Test
    void keepsOnlyTheHash() {
        ApiKey key = keys.issue(new Ids(random).workspace(), "label");
        assertThat(kept.toString() + kept.find(key.secret())).doesNotContain(key.secret());
        assertThat(kept.find(KeySecret.read(key.secret()).orElseThrow().hash())).isPresent();
    }

    @Test
    void issuesAnotherFirstKeyOnlyWhenTheOneAtHandDoesNotWork() {
        ApiKey first = keys.bootstrap(Optional.empty()).orElseThrow();
        assertThat(keys.bootstrap(Optional.of(first.secret()))).isEmpty();
        ApiKey second = keys.bootstrap(Optional.of("lost")).orElseThrow();
        assertThat(second.workspace()).as("the same workspace").isEqualTo(first.workspace());
        assertThat(second.secret()).isNotEqualTo(first.secret());
    }

    @Test
    void refusesEverythingElseInTheSameWords() {
        ApiKey key = keys.bootstrap(Optional.empty()).orElseThrow();
        String valid = key.secret();
        String unknown = new ApiKeys(new InMemoryKeyStore(), new Ids(random), random, clock)
                .bootstrap(Optional.empty())
                .orElseThrow()
                .secret();
        List<String> wrong = List.of(
                "",
                "atoll_",
                valid + "x",
                valid.substring(1),
                valid.toUpperCase(),
                valid.replace("atoll_", "atall_"),
                flip(valid, 10),
                flip(valid, 50),
                unknown,
                "☃".repeat(55),
                "a".repeat(100_000));
        for (String presented : wrong) {
            assertThatThrownBy(() -> keys.authenticate(presented)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.problem().code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
                assertThat(e.problem().detail()).isEqualTo("The API key is missing or not valid.");
            });
        }
        assertThat(looks.get()).as("only what could be a key is looked up").isEqualTo(1);
    }

    @Test
    void asksTheStoreAtMostOnceASecond() {
        ApiKey key = keys.bootstrap(Optional.empty()).orElseThrow();
        for (int i = 0; i < 5; i++) {
            keys.authenticate(key.secret());
        }
        assertThat(looks.get()).isEqualTo(1);
        clock.advance(ApiKeys.REMEMBERED_FOR);
        keys.authenticate(key.secret());
        assertThat(looks.get()).isEqualTo(2);
    }

    /** Another character of the alphabet in this place. */
    private static String flip(String text, int at) {
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        return text.substring(0, at) + other + text.substring(at + 1);
    }

    private final class Counting implements KeyStore {
        @Override
        public Optional<StoredKey> find(String hash) {
            looks.incrementAndGet();
            return kept.find(hash);
        }

        @Override
        public void insert(StoredKey key) {
            kept.insert(key);
        }

        @Override
        public WorkspaceId firstWorkspace(WorkspaceId ifNone, Instant now) {
            return kept.firstWorkspace(ifNone, now);
        }
    }
}
