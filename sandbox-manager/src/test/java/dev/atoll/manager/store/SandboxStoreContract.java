package dev.atoll.manager.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.store.Insertion.Inserted;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.Effect;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of sandboxes promises. */
abstract class SandboxStoreContract extends StoreFixture {
    @Test
    void keepsOneThatHasItsBoxAsRunning() {
        Sandbox requested = Sandbox.requested(ids.sandbox(), workspace, spec(), NOW);
        ClaimedBox box = new ClaimedBox(host, Ids.imageOf(new byte[32]), SandboxStart.READY, NOW.plusMillis(1));
        List<HostCandidate> other = List.of(new HostCandidate(ids.host(), new HostCapacity(64_000, 64L << 30, 0)));
        List<HostCandidate> both = List.of(other.getFirst(), room.getFirst());
        Insertion done =
                store().insert(new NewSandbox(requested, Optional.empty(), both, LEASE, Optional.of(box)), placement);

        assertThat(done).isInstanceOfSatisfying(Inserted.class, inserted -> {
            assertThat(inserted.effects()).isEmpty();
            assertThat(store().find(requested.id())).contains(inserted.sandbox());
            assertThat(inserted.sandbox().state()).isEqualTo(SandboxState.RUNNING);
            assertThat(inserted.sandbox().generation()).isEqualTo(3);
            assertThat(inserted.sandbox().host()).contains(host);
            assertThat(inserted.sandbox().imageId()).contains(box.image());
            assertThat(inserted.sandbox().startedAt()).contains(box.at());
        });
        Insertion full = store().insert(
                        new NewSandbox(
                                Sandbox.requested(ids.sandbox(), workspace, spec(), NOW),
                                Optional.empty(),
                                other,
                                LEASE,
                                Optional.of(box)),
                        placement);
        assertThat(full).as("its host is not among them").isInstanceOf(Insertion.NotPlaced.class);
    }

    @Test
    void keepsEverythingOfASandbox() {
        SandboxSpec spec = new SandboxSpec(
                Optional.of("full"),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(1500), MemorySize.ofMebibytes(512)),
                Duration.ofMinutes(10),
                Map.of("A", "ä \"quoted\" \n\t\\", "EMPTY", ""),
                Map.of("team", "x=y"),
                true);
        Sandbox inserted = insert(spec).sandbox();

        assertThat(store().find(inserted.id())).contains(inserted);
        assertThat(inserted.state()).isEqualTo(SandboxState.PREPARING);
        assertThat(inserted.generation()).isEqualTo(2);
        assertThat(inserted.host()).contains(host);

        Sandbox running = move(inserted, new SandboxEvent.Started(Ids.imageOf(new byte[32]), SandboxStart.READY));
        assertThat(store().find(inserted.id())).contains(running);
        Sandbox ended = move(running, new SandboxEvent.Ended(EndReason.OOM, "used 513Mi\0"));
        Sandbox found = store().find(inserted.id()).orElseThrow();
        assertThat(found.reason()).contains(EndReason.OOM);
        assertThat(found.endedAt()).isEqualTo(ended.endedAt());
        assertThat(found.spec()).isEqualTo(spec);
    }

    @Test
    void queuesTheEffectWithTheInsert() {
        Inserted inserted = insert(spec());

        assertThat(inserted.effects()).singleElement().satisfies(effect -> {
            assertThat(effect.effect()).isEqualTo(new Effect.PrepareOnHost(host));
            assertThat(effect.generation()).isEqualTo(2);
        });
        assertThat(claimed(NOW))
                .as("others leave it alone while the lease runs")
                .doesNotContain(inserted.effects().getFirst());
        assertThat(claimed(LEASE)).contains(inserted.effects().getFirst());
        assertThat(claimed(LEASE))
                .as("claimed once")
                .doesNotContain(inserted.effects().getFirst());
    }

    @Test
    void commitsOnlyTheNextGeneration() {
        Inserted inserted = insert(spec());
        Change change = change(inserted.sandbox(), new SandboxEvent.StopRequested(EndReason.CANCELED), inserted);

        Optional<List<PendingEffect>> first = store().commit(change);
        assertThat(first).isPresent();
        assertThat(first.get()).singleElement().satisfies(effect -> {
            assertThat(effect.effect()).isEqualTo(new Effect.StopOnHost(host));
            assertThat(effect.generation()).isEqualTo(3);
            assertThat(effect.seq()).isGreaterThan(inserted.effects().getFirst().seq());
        });
        assertThat(store().commit(change)).as("the generation has moved on").isEmpty();
        List<PendingEffect> queued = claimed(LEASE.plusSeconds(60));
        assertThat(queued).contains(first.get().getFirst());
        assertThat(queued)
                .as("completed with the commit")
                .doesNotContain(inserted.effects().getFirst());
    }

    @Test
    void letsOneOfManyWritersWin() throws Exception {
        Inserted inserted = insert(spec());
        Change change = change(inserted.sandbox(), new SandboxEvent.StopRequested(EndReason.CANCELED), inserted);

        List<Optional<List<PendingEffect>>> results = race(() -> store().commit(change));

        assertThat(results.stream().filter(Optional::isPresent)).hasSize(1);
        assertThat(claimed(LEASE.plusSeconds(60)).stream()
                        .filter(effect ->
                                effect.sandbox().equals(inserted.sandbox().id())))
                .hasSize(1);
    }

    @Test
    void makesOneSandboxForOneKeyHoweverManyAsk() throws Exception {
        KeyedRequest keyed = new KeyedRequest(new IdempotencyKey("k " + host), RequestHash.of("create", List.of("a")));

        List<Insertion> results = race(() -> store().insert(wanted(spec(), Optional.of(keyed), room), placement));

        assertThat(results.stream().filter(Inserted.class::isInstance)).hasSize(1);
        Set<SandboxId> made = new HashSet<>();
        for (Insertion result : results) {
            made.add(
                    switch (result) {
                        case Inserted inserted -> inserted.sandbox().id();
                        case Insertion.Replayed replayed -> replayed.sandbox().id();
                        default -> throw new AssertionError(result);
                    });
        }
        assertThat(made).hasSize(1);
        assertThat(store().list(workspace, SandboxFilter.ALL, PageRequest.first(100))
                        .items())
                .hasSize(1);
    }

    @Test
    void refusesAKeyThatMeantSomethingElse() {
        IdempotencyKey key = new IdempotencyKey("other " + host);
        store().insert(
                        wanted(spec(), Optional.of(new KeyedRequest(key, RequestHash.of("c", List.of("a")))), room),
                        placement);

        assertThat(store().insert(
                                wanted(
                                        spec(),
                                        Optional.of(new KeyedRequest(key, RequestHash.of("c", List.of("b")))),
                                        room),
                                placement))
                .isEqualTo(new Insertion.KeyConflict());
    }

    @Test
    void freesAKeyWhoseSandboxCouldNotBePlaced() {
        KeyedRequest keyed = new KeyedRequest(new IdempotencyKey("later " + host), RequestHash.of("c", List.of("a")));
        assertThat(store().insert(wanted(spec(), Optional.of(keyed), List.of()), placement))
                .isInstanceOf(Insertion.NotPlaced.class);
        assertThat(store().insert(wanted(spec(), Optional.of(keyed), room), placement))
                .isInstanceOf(Inserted.class);
    }

    @Test
    void givesANameToOneLiveSandboxOfAWorkspace() throws Exception {
        SandboxSpec named = named("only-one");
        List<Insertion> results = race(() -> store().insert(wanted(named, Optional.empty(), room), placement));
        assertThat(results.stream().filter(Inserted.class::isInstance)).hasSize(1);
        assertThat(results.stream().filter(new Insertion.NameTaken()::equals)).hasSize(RACERS - 1);

        Sandbox live = results.stream()
                .filter(Inserted.class::isInstance)
                .map(result -> ((Inserted) result).sandbox())
                .findFirst()
                .orElseThrow();
        move(
                move(live, new SandboxEvent.Started(Ids.imageOf(new byte[32]), SandboxStart.READY)),
                new SandboxEvent.HostLost("gone"));
        assertThat(store().insert(wanted(named, Optional.empty(), room), placement))
                .as("free again once its sandbox has ended")
                .isInstanceOf(Inserted.class);
    }

    @Test
    void neverPromisesTheSameRoomTwice() throws Exception {
        int fits = 5;
        List<HostCandidate> small = List.of(new HostCandidate(
                host, new HostCapacity(64_000, fits * spec().size().memory().bytes(), 0)));

        List<Insertion> results = race(() -> store().insert(wanted(spec(), Optional.empty(), small), placement));

        assertThat(results.stream().filter(Inserted.class::isInstance)).hasSize(fits);
        assertThat(results.stream().filter(Insertion.NotPlaced.class::isInstance))
                .hasSize(RACERS - fits);
    }

    @Test
    void fillsEveryHostToItsBrim() throws Exception {
        List<HostCandidate> several = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            several.add(new HostCandidate(
                    ids.host(),
                    new HostCapacity(64_000, 3 * spec().size().memory().bytes(), 0)));
        }
        List<Insertion> results = race(() -> store().insert(wanted(spec(), Optional.empty(), several), placement));

        assertThat(results.stream().filter(Inserted.class::isInstance)).hasSize(12);
        assertThat(results.stream().filter(Insertion.NotPlaced.class::isInstance))
                .hasSize(RACERS - 12);
        several.forEach(
                candidate -> assertThat(store().liveOn(candidate.host())).hasSize(3));
    }

    @Test
    void pagesThroughAListNewestFirst() {
        List<SandboxId> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            // Pairs share a moment: the id decides between them.
            made.add(insertAt(NOW.plusSeconds(i / 2), spec()).sandbox().id());
        }
        List<Sandbox> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            SandboxPage page = store().list(workspace, SandboxFilter.ALL, new PageRequest(2, cursor));
            assertThat(page.items().size()).isLessThanOrEqualTo(2);
            seen.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor.isPresent());

        assertThat(seen).extracting(Sandbox::id).containsExactlyInAnyOrderElementsOf(made);
        assertThat(seen).extracting(Sandbox::createdAt).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(store().list(ids.workspace(), SandboxFilter.ALL, PageRequest.first(10))
                        .items())
                .isEmpty();
    }

    @Test
    void filtersByLabelsAndState() {
        SandboxSpec labelled = labelled(Map.of("team", "red", "env", "ci"));
        Sandbox red = insert(labelled).sandbox();
        insert(labelled(Map.of("team", "blue")));
        Sandbox running = move(red, new SandboxEvent.Started(Ids.imageOf(new byte[32]), SandboxStart.READY));

        assertThat(listed(new SandboxFilter(Optional.empty(), Map.of("team", "red"))))
                .containsExactly(running);
        assertThat(listed(new SandboxFilter(Optional.of(SandboxState.RUNNING), Map.of())))
                .containsExactly(running);
        assertThat(listed(new SandboxFilter(Optional.of(SandboxState.RUNNING), Map.of("team", "blue"))))
                .isEmpty();
        assertThat(listed(new SandboxFilter(Optional.empty(), Map.of("team", "red", "env", "cd"))))
                .isEmpty();
    }

    @Test
    void refusesAForeignCursor() {
        for (String cursor : List.of("", "x", "☃", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OS5zYng", "a".repeat(2_000))) {
            assertThatThrownBy(
                            () -> store().list(workspace, SandboxFilter.ALL, new PageRequest(1, Optional.of(cursor))))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.INVALID_CURSOR));
        }
    }

    @Test
    void tellsWhatExpires() {
        Instant longAgo = NOW.minus(Duration.ofDays(20_000));
        Sandbox old = insertAt(longAgo, spec()).sandbox();
        assertThat(store().nextExpiry()).contains(old.expiryWarnedAt());
        assertThat(store().expired(old.expiresAt().minusNanos(1_000), 10)).doesNotContain(old);
        assertThat(store().expired(old.expiresAt(), 10)).contains(old);

        move(old, new SandboxEvent.StopRequested(EndReason.TIMEOUT));
        assertThat(store().expired(old.expiresAt(), 10))
                .as("its end is wanted already")
                .isEmpty();
    }

    @Test
    void queuesAgainWhatIsMissing() {
        Inserted inserted = insert(spec());
        effects().drop(inserted.effects().getFirst().seq());

        assertThat(effects().reissueMissing(NOW)).isGreaterThanOrEqualTo(1);
        assertThat(claimed(NOW)).anySatisfy(effect -> {
            assertThat(effect.sandbox()).isEqualTo(inserted.sandbox().id());
            assertThat(effect.generation()).isEqualTo(2);
            assertThat(effect.effect()).isEqualTo(new Effect.PrepareOnHost(host));
        });
        assertThat(effects().reissueMissing(NOW)).isZero();
    }

    @Test
    void leasesEffects() {
        Inserted inserted = insert(spec());
        PendingEffect effect = inserted.effects().getFirst();
        effects().renew(List.of(effect.seq()), LEASE.plusSeconds(100));
        assertThat(claimed(LEASE.plusSeconds(50))).doesNotContain(effect);
        effects().releaseAll(NOW);
        assertThat(claimed(NOW)).contains(effect);
    }

    @Test
    void forgetsWhatEndedLongAgo() {
        KeyedRequest keyed = new KeyedRequest(new IdempotencyKey("gone " + host), RequestHash.of("c", List.of("a")));
        Inserted inserted = (Inserted) store().insert(wanted(spec(), Optional.of(keyed), room), placement);
        move(inserted.sandbox(), new SandboxEvent.HostLost("gone"));

        assertThat(store().forgetEnded(NOW, 100)).isZero();
        assertThat(store().forgetEnded(NOW.plusSeconds(1), 100)).isGreaterThanOrEqualTo(1);
        assertThat(store().find(inserted.sandbox().id())).isEmpty();
        assertThat(store().insert(wanted(spec(), Optional.of(keyed), room), placement))
                .as("the key went with it")
                .isInstanceOf(Inserted.class);
    }
}
