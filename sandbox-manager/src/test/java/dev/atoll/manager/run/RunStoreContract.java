package dev.atoll.manager.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every store of runs does. */
abstract class RunStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.000001Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(1));

    private final Ids ids = new Ids(new Random());
    private final WorkspaceId workspace = ids.workspace();

    abstract RunStore store();

    private StoredRun run(Optional<String> key, String request) {
        RequestHash hash = RunDocuments.hash(request);
        return new StoredRun(
                ids.run(),
                workspace,
                ids.sandbox(),
                key.map(text -> new KeyedRequest(new IdempotencyKey(text), hash)),
                hash,
                Optional.of(request),
                Optional.empty(),
                NOW,
                Optional.empty(),
                false);
    }

    @Test
    void thatAnEndIsAskedForIsKeptUntilItHasEnded() {
        StoredRun run = run(Optional.empty(), "{}");
        StoredRun other = run(Optional.empty(), "{}");
        store().insert(run, LATER);
        store().insert(other, LATER);
        assertThat(store().renew(List.of(run.id(), other.id()), LATER)).isEmpty();
        assertThat(store().askCancel(ids.workspace(), run.id(), NOW))
                .as("of another workspace")
                .isEmpty();
        assertThat(store().askCancel(workspace, run.id(), NOW).orElseThrow().cancelAsked())
                .isTrue();
        assertThat(store().askCancel(workspace, run.id(), LATER).orElseThrow().cancelAsked())
                .isTrue();
        assertThat(store().renew(List.of(run.id(), other.id()), LATER)).containsExactly(run.id());
        store().end(run.id(), "{}", LATER, false);
        store().end(other.id(), "{}", LATER, false);
        assertThat(store().renew(List.of(run.id(), other.id()), LATER)).isEmpty();
        assertThat(store().askCancel(workspace, other.id(), LATER).orElseThrow().cancelAsked())
                .as("it had ended")
                .isFalse();
    }

    @Test
    void aKeyIsUsedOnce() {
        StoredRun first = run(Optional.of("k1"), "{}");
        assertThat(store().insert(first, LATER)).isEmpty();
        assertThat(store().insert(run(Optional.of("k1"), "{\"other\":1}"), LATER))
                .contains(first);
        assertThat(store().insert(run(Optional.empty(), "{}"), LATER)).isEmpty();
        assertThat(store().insert(run(Optional.empty(), "{}"), LATER)).isEmpty();
        assertThat(store().find(workspace, first.id())).contains(first);
        assertThat(store().find(ids.workspace(), first.id()))
                .as("of another workspace")
                .isEmpty();
    }

    @Test
    void anEndIsKeptOnceAndMayFreeTheKey() {
        StoredRun run = run(Optional.of("k2"), "{}");
        store().insert(run, LATER);
        store().end(run.id(), "{\"a\":1}", LATER, true);
        store().end(run.id(), "{\"a\":2}", LATER, false);
        StoredRun ended = store().find(workspace, run.id()).orElseThrow();
        assertThat(ended.outcome()).contains("{\"a\":1}");
        assertThat(ended.request()).isEmpty();
        assertThat(ended.endedAt()).contains(LATER);
        assertThat(store().insert(run(Optional.of("k2"), "{}"), LATER))
                .as("the key is free")
                .isEmpty();
    }

    @Test
    void whatNobodyIsAtIsTakenUpOnce() {
        StoredRun mine = run(Optional.empty(), "{}");
        StoredRun ended = run(Optional.empty(), "{}");
        store().insert(mine, LATER);
        store().insert(ended, NOW);
        store().end(ended.id(), "{}", NOW, false);
        assertThat(ids(store().take(NOW, LATER, 1_000)))
                .doesNotContain(mine.id().value());
        Instant muchLater = LATER.plus(Duration.ofMinutes(9));
        store().renew(List.of(mine.id()), muchLater);
        assertThat(ids(store().take(LATER, muchLater, 1_000)))
                .doesNotContain(mine.id().value());
        assertThat(ids(store().take(muchLater, muchLater.plusSeconds(60), 1_000)))
                .contains(mine.id().value())
                .doesNotContain(ended.id().value());
        assertThat(ids(store().take(muchLater, muchLater, 1_000)))
                .doesNotContain(mine.id().value());
        store().releaseAll(NOW);
        assertThat(ids(store().take(NOW, LATER, 1_000))).contains(mine.id().value());
    }

    private static List<String> ids(List<StoredRun> runs) {
        return runs.stream().map(run -> run.id().value()).toList();
    }

    @Test
    void whatEndedLongAgoIsForgotten() {
        StoredRun old = run(Optional.empty(), "{}");
        StoredRun live = run(Optional.empty(), "{}");
        store().insert(old, LATER);
        store().insert(live, LATER);
        store().end(old.id(), "{}", NOW.minusSeconds(1), false);
        assertThat(store().forgetEnded(NOW, 1_000)).isPositive();
        assertThat(store().find(workspace, old.id())).isEmpty();
        assertThat(store().find(workspace, live.id())).isPresent();
    }
}
