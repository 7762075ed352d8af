package dev.atoll.manager.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.IdlePolicy;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every log of events promises, and what says how long sandboxes live. */
abstract class EventsContract extends StoreFixture {
    abstract EventStore events();

    abstract SandboxTimes times();

    /** Returns when nothing is under way any more that could hold back what has been written. */
    abstract void settle();

    @Test
    void aTransitionIsInTheLogWithItsReason() {
        Sandbox made = insert(spec()).sandbox();
        Sandbox running = move(made, new SandboxEvent.Started(Ids.imageOf(new byte[32]), SandboxStart.READY));
        Sandbox stopping = move(running, new SandboxEvent.StopRequested(EndReason.CANCELED));
        move(stopping, new SandboxEvent.StopFinished());

        List<LoggedEvent> log = all(made.id());
        assertThat(log)
                .extracting(LoggedEvent::type)
                .containsExactly(
                        EventType.SANDBOX_PREPARING,
                        EventType.SANDBOX_RUNNING,
                        EventType.SANDBOX_STOPPING,
                        EventType.SANDBOX_STOPPED);
        assertThat(log.get(1).facts()).containsEntry("start", "ready");
        assertThat(log.get(3).facts()).containsEntry("reason", "canceled");
        assertThat(log).extracting(LoggedEvent::position).isSorted().doesNotHaveDuplicates();
        settle();
        assertThat(events().ofWorkspace(workspace, EventPosition.START, 100)).isEqualTo(log);
    }

    @Test
    void whoGoesOnAfterTheLastMissesNone() {
        Sandbox made = insert(spec()).sandbox();
        events().append(List.of(event(made, "a"), event(made, "b"), event(made, "c")));
        await().until(() -> all(made.id()).size() == 4);
        List<LoggedEvent> whole = all(made.id());

        EventPosition after = EventPosition.START;
        List<LoggedEvent> paged = new ArrayList<>();
        for (int i = 0; i < whole.size(); i++) {
            List<LoggedEvent> page = events().ofSandbox(made.id(), after, 1);
            paged.addAll(page);
            after = page.getLast().position();
        }
        assertThat(paged).isEqualTo(whole);
        assertThat(events().ofSandbox(made.id(), after, 1)).isEmpty();
        assertThat(EventPosition.parse(after.toString())).isEqualTo(after);
    }

    @Test
    void aReaderPassesNothingThatManyWriteAtOnce() throws Exception {
        List<Sandbox> sandboxes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sandboxes.add(insert(spec()).sandbox());
        }
        Map<String, Boolean> seen = new ConcurrentHashMap<>();
        AtomicBoolean over = new AtomicBoolean();
        int each = 50;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reader = threads.submit(() -> {
                EventPosition after = EventPosition.START;
                boolean last = false;
                while (!last) {
                    last = over.get();
                    List<LoggedEvent> page = events().ofWorkspace(workspace, after, 7);
                    for (LoggedEvent event : page) {
                        seen.put(event.sandbox() + event.facts().getOrDefault("exec_id", ""), true);
                        after = event.position();
                        last = false;
                    }
                }
                return after;
            });
            List<Future<?>> writers = new ArrayList<>();
            for (Sandbox sandbox : sandboxes) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        events().append(List.of(event(sandbox, "e" + i)));
                    }
                }));
            }
            for (var writer : writers) {
                writer.get();
            }
            // What is still under way elsewhere in the database may hold the last of them back for a moment.
            await().until(() ->
                    sandboxes.stream().allMatch(sandbox -> all(sandbox.id()).size() == each + 1));
            over.set(true);
            reader.get();
        }
        assertThat(seen).hasSize(sandboxes.size() * (each + 1));
    }

    @Test
    void whatIsToldTwiceIsWrittenOnceAndStrangersAreNot() {
        Sandbox made = insert(spec()).sandbox();
        NewEvent event = event(made, "x");
        SandboxId nobody = ids.sandbox();
        NewEvent stranger = new NewEvent(nobody, EventType.EXEC_STARTED, NOW, Map.of(), Optional.of("x"));

        Map<SandboxId, WorkspaceId> first = events().append(List.of(event, stranger));
        assertThat(first).isEqualTo(Map.of(made.id(), workspace));
        assertThat(events().append(List.of(event))).isEmpty();
        await().untilAsserted(() -> assertThat(all(made.id())).hasSize(2));
        assertThat(events().ofSandbox(nobody, EventPosition.START, 10)).isEmpty();
    }

    @Test
    void theOldestGoAndTheReaderIsTold() {
        Sandbox made = insert(spec()).sandbox();
        for (int i = 0; i < 9; i++) {
            events().append(List.of(event(made, "e" + i)));
        }
        assertThat(events().forget(Instant.EPOCH, 5)).isGreaterThanOrEqualTo(1);

        List<LoggedEvent> left = all(made.id());
        assertThat(left).hasSize(5);
        assertThat(left.getFirst().type()).isEqualTo(EventType.EVENTS_LET_GO);
        assertThat(left.getFirst().facts()).containsEntry("count", "6");
        assertThat(left.getLast().facts()).containsEntry("exec_id", "e8");

        for (int i = 9; i < 12; i++) {
            events().append(List.of(event(made, "e" + i)));
        }
        events().forget(Instant.EPOCH, 5);
        assertThat(all(made.id()).getFirst().facts()).containsEntry("count", "9");
        assertThat(all(made.id())).hasSize(5);
    }

    @Test
    void whatIsOldGoes() {
        Sandbox made = insert(spec()).sandbox();
        Instant longAgo = Instant.EPOCH.plusSeconds(1);
        events().append(List.of(new NewEvent(made.id(), EventType.EXEC_STARTED, longAgo, Map.of(), Optional.empty())));
        await().until(() -> all(made.id()).size() == 2);
        events().forget(longAgo.plusSeconds(1), 100_000);
        assertThat(all(made.id())).extracting(LoggedEvent::type).containsExactly(EventType.SANDBOX_PREPARING);
    }

    @Test
    void aLifeIsExtendedAndNeverShortened() {
        Sandbox made = insert(spec()).sandbox();
        Instant later = made.expiresAt().plusSeconds(60);

        assertThat(times().extend(made.id(), later, NOW).orElseThrow().expiresAt())
                .isEqualTo(later);
        assertThat(times().extend(made.id(), NOW.plusSeconds(1), NOW)
                        .orElseThrow()
                        .expiresAt())
                .isEqualTo(later);
        assertThat(store().find(made.id()).orElseThrow().expiresAt()).isEqualTo(later);
        assertThat(times().extend(made.id(), later.plusSeconds(60), later))
                .as("its time is over")
                .isEmpty();
        assertThat(all(made.id())).extracting(LoggedEvent::type).containsOnlyOnce(EventType.SANDBOX_EXTENDED);

        Sandbox moved = move(made, new SandboxEvent.StopRequested(EndReason.CANCELED));
        assertThat(store().find(made.id()).orElseThrow().expiresAt())
                .as("a transition that was decided before")
                .isEqualTo(later);
        assertThat(moved.generation()).isEqualTo(made.generation() + 1);
        assertThat(times().extend(made.id(), later.plusSeconds(60), NOW)).isEmpty();
    }

    @Test
    void holdsAreSetRenewedAndGivenUp() {
        Sandbox made = insert(spec()).sandbox();
        Instant soon = NOW.plusSeconds(60);
        times().hold(made.id(), "model", soon, NOW);
        times().hold(made.id(), "old", NOW.plusSeconds(1), NOW);
        Sandbox held = times().hold(made.id(), "model", soon.plusSeconds(1), NOW.plusSeconds(2))
                .orElseThrow();
        assertThat(held.holds()).isEqualTo(Map.of("model", soon.plusSeconds(1)));
        assertThat(store().find(made.id()).orElseThrow().holds()).isEqualTo(held.holds());

        assertThat(times().release(made.id(), "model", NOW).orElseThrow().holds())
                .isEmpty();
        assertThat(times().release(made.id(), "model", NOW).orElseThrow().holds())
                .isEmpty();
        assertThat(times().hold(ids.sandbox(), "model", soon, NOW)).isEmpty();
        assertThat(all(made.id()))
                .extracting(LoggedEvent::type)
                .containsExactly(
                        EventType.SANDBOX_PREPARING,
                        EventType.HOLD_SET,
                        EventType.HOLD_SET,
                        EventType.HOLD_SET,
                        EventType.HOLD_RELEASED);
    }

    @Test
    void aWarningComesOnceForEachEnd() {
        Instant longAgo = NOW.minus(Duration.ofDays(10_000));
        Sandbox old = insertAt(longAgo, spec()).sandbox();
        Instant due = old.expiryWarnedAt();
        assertThat(times().warnExpiring(due.minusMillis(1), 10))
                .extracting(Sandbox::id)
                .doesNotContain(old.id());
        assertThat(times().warnExpiring(due, 10)).extracting(Sandbox::id).contains(old.id());
        assertThat(times().warnExpiring(due, 10)).extracting(Sandbox::id).doesNotContain(old.id());
        assertThat(store().nextExpiry().orElseThrow()).isBeforeOrEqualTo(old.expiresAt());

        Instant later = old.expiresAt().plusSeconds(600);
        times().extend(old.id(), later, due);
        assertThat(times().warnExpiring(later.minusSeconds(60), 10))
                .extracting(Sandbox::id)
                .contains(old.id());
        assertThat(all(old.id()))
                .filteredOn(event -> event.type() == EventType.SANDBOX_EXPIRING)
                .extracting(event -> Instant.parse(event.facts().getOrDefault("at", "")))
                .containsExactly(old.expiresAt(), later);
        move(old, new SandboxEvent.StopRequested(EndReason.TIMEOUT));
    }

    @Test
    void whoMayBeIdleIsFound() {
        SandboxSpec idle = new SandboxSpec(
                Optional.empty(),
                spec().image(),
                spec().size(),
                Duration.ofHours(1),
                Map.of(),
                Map.of(),
                true,
                Optional.of(new IdlePolicy(Duration.ofMinutes(10), false)));
        Sandbox made = insert(idle).sandbox();
        assertThat(times().idling()).extracting(Sandbox::id).doesNotContain(made.id());
        Sandbox running = move(made, new SandboxEvent.Started(Ids.imageOf(new byte[32]), SandboxStart.READY));
        assertThat(times().idling()).contains(running);
        assertThat(store().find(made.id()).orElseThrow().spec()).isEqualTo(idle);
    }

    private List<LoggedEvent> all(SandboxId sandbox) {
        settle();
        return events().ofSandbox(sandbox, EventPosition.START, 1_000);
    }

    private static NewEvent event(Sandbox sandbox, String exec) {
        return new NewEvent(
                sandbox.id(), EventType.EXEC_STARTED, NOW, Map.of("exec_id", exec), Optional.of(exec + " started"));
    }
}
