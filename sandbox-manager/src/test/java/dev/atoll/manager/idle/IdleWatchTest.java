package dev.atoll.manager.idle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.event.EventBell;
import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.placement.Placement;
import dev.atoll.manager.placement.PlacementSettings;
import dev.atoll.manager.store.InMemoryStore;
import dev.atoll.manager.store.Insertion;
import dev.atoll.manager.store.NewSandbox;
import dev.atoll.manager.timer.ManualClock;
import dev.atoll.manager.timer.ManualTimers;
import dev.atoll.manager.transition.Commits;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.Ids;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.IdlePolicy;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When sandboxes end for want of use, by a clock that is moved. */
class IdleWatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration AFTER = Duration.ofMinutes(10);

    private final ManualClock clock = new ManualClock(START);
    private final ManualTimers timers = new ManualTimers(clock, Runnable::run);
    private final Ids ids = new Ids(new Random(1));
    private final FakeHost host = FakeHost.large(ids.host(), clock);
    private final InMemoryStore store = new InMemoryStore();
    private final HostDirectory hosts = new HostDirectory();
    private final Commits commits = new Commits();
    private final SandboxTransitions transitions =
            new SandboxTransitions(store, commits, clock, Duration.ofSeconds(15));
    private IdleWatch watch;

    @BeforeEach
    void open() {
        hosts.connected(host, host.describe());
        watch = watch();
        commits.addListener(commit -> watch.committed(commit));
    }

    @Test
    void whatNothingUsesIsWarnedAndEnds() {
        Sandbox sandbox = running(true);
        advance(Duration.ofMinutes(8));
        assertThat(types(sandbox)).doesNotContain(EventType.SANDBOX_IDLING);
        advance(Duration.ofMinutes(1));
        LoggedEvent warning = last(sandbox);
        assertThat(warning.type()).isEqualTo(EventType.SANDBOX_IDLING);
        assertThat(warning.facts()).containsEntry("at", START.plus(AFTER).toString());
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.RUNNING);
        advance(Duration.ofMinutes(1));
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.STOPPING);
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
        assertThat(watch.size()).isZero();
    }

    @Test
    void useStartsTheTimeAnew() {
        Sandbox sandbox = running(true);
        advance(Duration.ofMinutes(9));
        host.activity().touch(sandbox.id());
        advance(Duration.ofMinutes(9).minusSeconds(1));
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.RUNNING);
        advance(Duration.ofSeconds(61));
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
        assertThat(types(sandbox).stream().filter(EventType.SANDBOX_IDLING::equals))
                .as("a warning for each time")
                .hasSize(2);
    }

    @Test
    void aCommandThatRunsIsUseUnlessItIsSaidNotToBe() {
        Sandbox counted = running(true);
        Sandbox ignored = running(false);
        for (Sandbox sandbox : List.of(counted, ignored)) {
            host.execs().start(sandbox.id(), ids.exec(), sleep(), Duration.ZERO);
        }
        advance(AFTER.multipliedBy(3));
        assertThat(now(counted).state()).isEqualTo(SandboxState.RUNNING);
        assertThat(now(ignored).reason()).contains(EndReason.IDLE);
    }

    @Test
    void aHoldKeepsItAndTheTimeBeginsWhenItIsOver() {
        Sandbox sandbox = running(true);
        store.times().hold(sandbox.id(), "model", START.plus(Duration.ofMinutes(25)), START);
        advance(Duration.ofMinutes(34));
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.RUNNING);
        advance(Duration.ofMinutes(1));
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
    }

    @Test
    void aHoldThatIsGivenUpEarlyLetsTheTimeBeginThen() {
        Sandbox sandbox = running(true);
        store.times().hold(sandbox.id(), "model", START.plus(Duration.ofHours(7)), START);
        advance(Duration.ofMinutes(30));
        store.times().release(sandbox.id(), "model", clock.instant());
        host.activity().touch(sandbox.id());
        watch.reconsider(now(sandbox));
        advance(AFTER.minusSeconds(1));
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.RUNNING);
        advance(Duration.ofSeconds(1));
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
    }

    @Test
    void aHoldGivenUpInAnotherProcessIsNoticed() {
        Sandbox sandbox = running(true);
        store.times().hold(sandbox.id(), "model", START.plus(Duration.ofHours(7)), START);
        advance(Duration.ofMinutes(30));
        store.times().release(sandbox.id(), "model", clock.instant());
        advance(AFTER.multipliedBy(2));
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
    }

    @Test
    void aHostThatDoesNotAnswerIsAskedAgain() {
        Sandbox sandbox = running(true);
        host.setFaults(new FakeHost.Faults() {
            @Override
            public void before(String call) {
                throw Problem.of(ProblemCode.HOST_UNAVAILABLE, "not now").asException();
            }
        });
        advance(AFTER);
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.RUNNING);
        host.setFaults(FakeHost.Faults.NONE);
        advance(Duration.ofSeconds(2));
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
    }

    @Test
    void aNewLifeOfTheControlPlaneNeitherEndsItEarlyNorForgets() {
        Sandbox sandbox = running(true);
        advance(Duration.ofMinutes(5));
        watch.close();
        watch = watch();
        watch.start();
        advance(Duration.ofMinutes(4));
        assertThat(types(sandbox)).contains(EventType.SANDBOX_IDLING);
        assertThat(now(sandbox).state()).isEqualTo(SandboxState.RUNNING);
        advance(Duration.ofMinutes(1));
        assertThat(now(sandbox).reason()).contains(EndReason.IDLE);
    }

    private IdleWatch watch() {
        return new IdleWatch(store, store.times(), store.events(), new EventBell(), hosts, transitions, timers, clock);
    }

    private Sandbox running(boolean processes) {
        SandboxSpec spec = new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.DEFAULT,
                Duration.ofHours(8),
                Map.of(),
                Map.of(),
                true,
                Optional.of(new IdlePolicy(AFTER, processes)));
        Sandbox requested = Sandbox.requested(ids.sandbox(), ids.workspace(), spec, clock.instant());
        Insertion.Inserted made = (Insertion.Inserted) store.insert(
                new NewSandbox(requested, Optional.empty(), hosts.candidates(), clock.instant()),
                new Placement(new PlacementSettings(16)));
        host.sandboxes().prepare(requested.id(), made.sandbox().generation(), spec);
        host.activity().touch(requested.id());
        transitions.apply(requested.id(), new SandboxEvent.Started(Ids.imageOf(new byte[32]), SandboxStart.READY));
        return now(made.sandbox());
    }

    private void advance(Duration by) {
        timers.advanceTo(clock.instant().plus(by));
    }

    private Sandbox now(Sandbox sandbox) {
        return store.find(sandbox.id()).orElseThrow();
    }

    private List<EventType> types(Sandbox sandbox) {
        return store.events().ofSandbox(sandbox.id(), EventPosition.START, 100).stream()
                .map(LoggedEvent::type)
                .toList();
    }

    private LoggedEvent last(Sandbox sandbox) {
        return store.events().ofSandbox(sandbox.id(), EventPosition.START, 100).getLast();
    }

    private static ExecSpec sleep() {
        return ExecSpec.of("sleep");
    }
}
