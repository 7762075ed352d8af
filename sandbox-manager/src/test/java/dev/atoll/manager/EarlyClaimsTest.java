package dev.atoll.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Created;
import dev.atoll.manager.store.InMemoryStore;
import dev.atoll.manager.store.TroubledStore;
import dev.atoll.manager.timer.ManualClock;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boxes that are taken before their sandboxes are on record: whatever happens in between, the two come together, or both are gone. */
final class EarlyClaimsTest {
    private static final Set<String> MAKING = Set.of("claim", "prepare", "giveBack", "stop");

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Random random = new Random(1);
    private final Ids ids = new Ids(random);
    private final InMemoryStore store = new InMemoryStore();
    private final TroubledStore troubled = new TroubledStore(store);
    private final ManagerStores stores = TestingManager.storesInMemory(troubled, store);
    private final FakeHost host = new FakeHost(ids.host(), new HostCapacity(8_000, 1L << 30, 0), clock);
    private final SimulatedLife life = new SimulatedLife(stores, List.of(host), clock, random);
    private final Caller caller = new Caller(ids.workspace(), ids.key());
    private final List<String> calls = new ArrayList<>();

    @BeforeEach
    void connect() {
        life.start();
        doAll();
        host.setFaults(new Noting());
    }

    @Test
    void theRowSaysAtOnceThatItRuns() {
        Sandbox made = create(TestingSpecs.spec());
        assertThat(made.state()).isEqualTo(SandboxState.RUNNING);
        assertThat(store.queued()).isEmpty();
        assertThat(calls).containsExactly("claim");
        pass(Duration.ofMinutes(2));
        assertThat(store.find(made.id())).contains(made);
        assertThat(host.running()).containsOnlyKeys(made.id());
    }

    @Test
    void aSlowCommitKeepsItsBox() {
        troubled.beforeInserts(() -> {
            host.restart();
            pass(Duration.ofSeconds(14));
            assertThat(host.running()).as("not on record yet").hasSize(1);
        });
        Sandbox made = create(TestingSpecs.spec());
        pass(Duration.ofMinutes(2));
        assertThat(store.find(made.id())).contains(made);
        assertThat(host.running()).containsOnlyKeys(made.id());
    }

    @Test
    void aCommitThatComesTooLateForItsBoxEndsTruthfully() {
        troubled.beforeInserts(() -> {
            host.restart();
            pass(Duration.ofMinutes(2));
            assertThat(host.running()).as("nobody wrote it down").isEmpty();
        });
        Sandbox made = create(TestingSpecs.spec());
        pass(Duration.ofMinutes(2));
        assertThat(store.find(made.id()).orElseThrow().reason()).contains(EndReason.HOST_LOST);
    }

    @Test
    void aBoxWhoseCommitFailedIsStoppedInTime() {
        troubled.beforeInserts(EarlyClaimsTest::failToAnswer);
        refuses(ProblemCode.DATABASE_UNAVAILABLE, () -> create(TestingSpecs.spec()));
        assertThat(host.running()).hasSize(1);
        pass(Duration.ofMinutes(1));
        assertThat(store.all()).isEmpty();
        assertThat(host.running()).isEmpty();
    }

    @Test
    void aCommitThatWasMadeAndNotHeardOfKeepsItsBox() {
        troubled.afterInserts(EarlyClaimsTest::failToAnswer);
        IdempotencyKey key = new IdempotencyKey("again");
        refuses(ProblemCode.DATABASE_UNAVAILABLE, () -> create(TestingSpecs.spec(), Optional.of(key)));
        troubled.afterInserts(() -> {});
        pass(Duration.ofMinutes(1));
        Created again = create(TestingSpecs.spec(), Optional.of(key));
        assertThat(again.replayed()).isTrue();
        assertThat(again.sandbox().state()).isEqualTo(SandboxState.RUNNING);
        assertThat(host.running()).containsOnlyKeys(again.sandbox().id());
    }

    @Test
    void aKillBetweenTheTwoLeavesNothing() {
        troubled.beforeInserts(() -> {
            life.kill();
            throw new SimulatedLife.Killed();
        });
        life.runKillable(() -> create(TestingSpecs.spec()));
        troubled.beforeInserts(() -> {});
        assertThat(host.running()).hasSize(1);
        SimulatedLife next = new SimulatedLife(stores, List.of(host), clock, random);
        next.start();
        pass(next, Duration.ofMinutes(1));
        assertThat(host.running()).isEmpty();
        assertThat(store.all()).isEmpty();
    }

    @Test
    void whatIsRefusedGivesItsBoxBackAndTheNextWaitForTheirRows() {
        Sandbox first = create(TestingSpecs.named("mine"));
        refuses(ProblemCode.SANDBOX_NAME_TAKEN, () -> create(TestingSpecs.named("mine")));
        assertThat(host.running()).containsOnlyKeys(first.id());
        refuses(ProblemCode.SANDBOX_NAME_TAKEN, () -> create(TestingSpecs.named("mine")));
        refuses(ProblemCode.CAPACITY, () -> create(TestingSpecs.memory("2Gi")));
        assertThat(calls).containsExactly("claim", "claim", "giveBack");
        pass(Duration.ofSeconds(6));
        assertThat(create(TestingSpecs.spec()).state()).isEqualTo(SandboxState.RUNNING);
    }

    @Test
    void aFullHostGivesItsBoxBack() {
        Sandbox large = create(TestingSpecs.memory("800Mi"));
        refuses(ProblemCode.CAPACITY, () -> create(TestingSpecs.memory("512Mi")));
        assertThat(host.running()).containsOnlyKeys(large.id());
        assertThat(calls).containsExactly("claim", "claim", "giveBack");
    }

    @Test
    void aReplayGivesItsBoxBack() {
        IdempotencyKey key = new IdempotencyKey("same");
        Created first = create(TestingSpecs.spec(), Optional.of(key));
        Created second = create(TestingSpecs.spec(), Optional.of(key));
        assertThat(second.replayed()).isTrue();
        assertThat(second.sandbox()).isEqualTo(first.sandbox());
        assertThat(host.running()).containsOnlyKeys(first.sandbox().id());
    }

    @Test
    void aClaimThatFailsOrIsNotHeardOfIsLeftToTheOrdinaryWay() {
        host.setFaults(new Noting() {
            @Override
            public void after(String call) {
                if (call.equals("claim")) {
                    throw Problem.of(ProblemCode.HOST_UNAVAILABLE, "The answer got lost.")
                            .asException();
                }
            }
        });
        Sandbox made = create(TestingSpecs.spec());
        assertThat(made.state()).isEqualTo(SandboxState.PREPARING);
        pass(Duration.ofMinutes(1));
        assertThat(store.find(made.id()).orElseThrow().state()).isEqualTo(SandboxState.RUNNING);
        assertThat(host.running()).containsOnlyKeys(made.id());
    }

    @Test
    void whenBothFailNothingIsLeft() {
        host.setFaults(new Noting() {
            @Override
            public void before(String call) {
                if (MAKING.contains(call)) {
                    throw Problem.of(ProblemCode.SANDBOX_START_FAILED, "not here")
                            .asException();
                }
            }
        });
        troubled.beforeInserts(EarlyClaimsTest::failToAnswer);
        refuses(ProblemCode.DATABASE_UNAVAILABLE, () -> create(TestingSpecs.spec()));
        assertThat(host.running()).isEmpty();
        assertThat(store.all()).isEmpty();
    }

    /** Notes the calls that make or undo something. */
    private class Noting implements FakeHost.Faults {
        @Override
        public void before(String call) {
            if (MAKING.contains(call)) {
                calls.add(call);
            }
        }
    }

    private Sandbox create(SandboxSpec spec) {
        return create(spec, Optional.empty()).sandbox();
    }

    private Created create(SandboxSpec spec, Optional<IdempotencyKey> key) {
        return life.parts().sandboxes().create(caller, spec, key, Duration.ZERO);
    }

    private static void failToAnswer() {
        throw Problem.of(ProblemCode.DATABASE_UNAVAILABLE, "It does not answer.")
                .asException();
    }

    private void pass(Duration time) {
        pass(life, time);
    }

    private void pass(SimulatedLife living, Duration time) {
        Instant then = clock.instant().plus(time);
        doAll(living);
        while (living.nextTimer().filter(when -> !when.isAfter(then)).isPresent()) {
            living.advanceTo(living.nextTimer().orElseThrow());
            doAll(living);
        }
        clock.advanceTo(then);
    }

    private void doAll() {
        doAll(life);
    }

    private static void doAll(SimulatedLife living) {
        while (living.hasTasks()) {
            living.runAnyTask();
        }
    }

    private static void refuses(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
