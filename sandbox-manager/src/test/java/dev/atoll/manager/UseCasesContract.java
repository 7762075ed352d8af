package dev.atoll.manager;

import static dev.atoll.manager.TestingSpecs.image;
import static dev.atoll.manager.TestingSpecs.memory;
import static dev.atoll.manager.TestingSpecs.named;
import static dev.atoll.manager.TestingSpecs.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Created;
import dev.atoll.manager.sandbox.Until;
import dev.atoll.manager.store.PageRequest;
import dev.atoll.manager.store.SandboxFilter;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The use cases from end to end on a fake host, whatever the store. */
abstract class UseCasesContract {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Executor ASIDE = task -> Thread.ofVirtual().start(task);

    final FakeHost host = FakeHost.large(new Ids(new Random()).host(), TestingManager.clock());
    TestingManager manager;
    Caller caller;

    abstract TestingManager open(FakeHost host);

    @BeforeEach
    final void start() {
        manager = open(host);
        caller = manager.caller();
    }

    @AfterEach
    final void stop() {
        manager.close();
    }

    @Test
    void createsASandboxThatRuns() {
        Created created = manager.sandboxes().create(caller, spec(), Optional.empty(), Duration.ZERO);
        assertThat(created.replayed()).isFalse();

        Sandbox running = created.sandbox();
        assertThat(running.state()).as("a box was ready").isEqualTo(SandboxState.RUNNING);
        assertThat(running.imageId()).isPresent();
        assertThat(host.running()).containsKey(running.id());
        assertThat(manager.sandboxes().get(caller, running.id())).isEqualTo(running);
    }

    @Test
    void wakesAWaitWhenTheSandboxRuns() {
        host.holdPrepares();
        SandboxId id = create();
        CompletableFuture<Sandbox> waiting = CompletableFuture.supplyAsync(() -> awaitRunning(id), ASIDE);
        assertThat(manager.sandboxes()
                        .await(caller, id, Until.RUNNING, Duration.ofMillis(20))
                        .state())
                .as("a wait that is over answers what is")
                .isEqualTo(SandboxState.PREPARING);
        host.releasePrepares();
        assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join().state()).isEqualTo(SandboxState.RUNNING);
    }

    @Test
    void stopsASandboxAndSaysWhy() {
        SandboxId id = createRunning();
        Sandbox stopping = manager.sandboxes().stop(caller, id, Duration.ZERO);
        assertThat(stopping.state()).isIn(SandboxState.STOPPING, SandboxState.STOPPED);

        Sandbox stopped = manager.sandboxes().await(caller, id, Until.STOPPED, PATIENCE);
        assertThat(stopped.state()).isEqualTo(SandboxState.STOPPED);
        assertThat(stopped.reason()).contains(EndReason.CANCELED);
        assertThat(host.running()).doesNotContainKey(id);
        assertThat(manager.sandboxes().stop(caller, id, Duration.ZERO))
                .as("again")
                .isEqualTo(stopped);
    }

    @Test
    void stopsASandboxThatIsStillBeingPrepared() {
        host.holdPrepares();
        SandboxId id = create();
        manager.sandboxes().stop(caller, id, Duration.ZERO);

        Sandbox stopped = manager.sandboxes().await(caller, id, Until.STOPPED, PATIENCE);
        assertThat(stopped.reason()).contains(EndReason.CANCELED);
        host.releasePrepares();
        assertThat(host.running()).doesNotContainKey(id);
    }

    @Test
    void reportsWhatEndedByItself() {
        SandboxId id = createRunning();
        host.endByItself(id, EndReason.OOM, "used 300Mi of 256Mi");
        Sandbox ended = manager.sandboxes().await(caller, id, Until.STOPPED, PATIENCE);
        assertThat(ended.state()).isEqualTo(SandboxState.STOPPED);
        assertThat(ended.reason()).contains(EndReason.OOM);
        assertThat(ended.detail()).isEqualTo("used 300Mi of 256Mi");
    }

    @Test
    void endsASandboxWhenItsTtlIsOver() {
        Created created =
                manager.sandboxes().create(caller, spec(Duration.ofSeconds(1)), Optional.empty(), Duration.ZERO);
        Sandbox ended = manager.sandboxes().await(caller, created.sandbox().id(), Until.STOPPED, PATIENCE);
        assertThat(ended.reason()).contains(EndReason.TIMEOUT);
        assertThat(ended.endedAt().orElseThrow()).isAfterOrEqualTo(ended.expiresAt());
    }

    @Test
    void makesOneSandboxForOneKey() {
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("once"));
        Created first = manager.sandboxes().create(caller, spec(), key, Duration.ZERO);
        Created second = manager.sandboxes().create(caller, spec(), key, Duration.ZERO);
        assertThat(second.replayed()).isTrue();
        assertThat(second.sandbox().id()).isEqualTo(first.sandbox().id());
        refuses(
                ProblemCode.IDEMPOTENCY_CONFLICT,
                () -> manager.sandboxes().create(caller, spec(Duration.ofMinutes(7)), key, Duration.ZERO));
        assertThat(manager.sandboxes()
                        .create(manager.stranger(), spec(), key, Duration.ZERO)
                        .replayed())
                .as("keys belong to a workspace")
                .isFalse();
    }

    @Test
    void waitsForRoomWhenAskedToAndSaysWhatWouldFitOtherwise() {
        SandboxId large = manager.sandboxes()
                .create(caller, memory("60Gi"), Optional.empty(), Duration.ZERO)
                .sandbox()
                .id();
        assertThatThrownBy(() -> manager.sandboxes().create(caller, memory("10Gi"), Optional.empty(), Duration.ZERO))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().hint()).contains("4Gi of memory and 16 CPU would fit now"));
        CompletableFuture<Created> waiting = CompletableFuture.supplyAsync(
                () -> manager.sandboxes().create(caller, memory("10Gi"), Optional.empty(), PATIENCE), ASIDE);
        await().until(() -> manager.waitingForRoom() == 1);
        refuses(
                ProblemCode.CAPACITY,
                () -> manager.sandboxes().create(caller, memory("10Gi"), Optional.empty(), Duration.ofMillis(20)));
        manager.sandboxes().stop(caller, large, Duration.ZERO);
        assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join().sandbox().state())
                .isEqualTo(SandboxState.RUNNING);
    }

    @Test
    void aDrainEndsWhatRunsAndMakesNoMore() {
        SandboxId id = createRunning();
        assertThat(manager.draining().drain(PATIENCE)).isZero();
        assertThat(manager.sandboxes().get(caller, id).reason()).contains(EndReason.EVICTED);
        refuses(
                ProblemCode.SHUTTING_DOWN,
                () -> manager.sandboxes().create(caller, spec(), Optional.empty(), Duration.ZERO));
    }

    @Test
    void refusesWhatCannotBe() {
        refuses(
                ProblemCode.IMAGE_NOT_FOUND,
                () -> manager.sandboxes().create(caller, image("nothing"), Optional.empty(), Duration.ZERO));
        refuses(
                ProblemCode.CAPACITY,
                () -> manager.sandboxes().create(caller, memory("1Ti"), Optional.empty(), Duration.ZERO));
        refuses(
                ProblemCode.SANDBOX_NOT_FOUND,
                () -> manager.sandboxes().get(caller, new SandboxId("sbx_aaaaaaaaaaaaaaaaaaaa")));
        manager.sandboxes().create(caller, named("web"), Optional.empty(), Duration.ZERO);
        refuses(
                ProblemCode.SANDBOX_NAME_TAKEN,
                () -> manager.sandboxes().create(caller, named("web"), Optional.empty(), Duration.ZERO));
    }

    @Test
    void hidesASandboxFromStrangers() {
        SandboxId id = createRunning();
        Exec exec = start(id, "sleep");
        Caller stranger = manager.stranger();
        List<ThrowingCallable> attempts = List.of(
                () -> manager.sandboxes().get(stranger, id),
                () -> manager.sandboxes().await(stranger, id, Until.STOPPED, PATIENCE),
                () -> manager.sandboxes().stop(stranger, id, Duration.ZERO),
                () -> manager.execs().start(stranger, id, command("true"), Optional.empty(), Duration.ZERO),
                () -> manager.execs().get(stranger, id, exec.id(), Duration.ZERO),
                () -> manager.execs().list(stranger, id),
                () -> manager.execs().signal(stranger, id, exec.id(), 9, SignalTarget.GROUP, Optional.empty()));
        attempts.forEach(attempt -> refuses(ProblemCode.SANDBOX_NOT_FOUND, attempt));
        assertThat(manager.sandboxes()
                        .list(stranger, SandboxFilter.ALL, PageRequest.first(10))
                        .items())
                .isEmpty();
    }

    @Test
    void runsCommands() {
        SandboxId id = createRunning();
        Exec done = manager.execs().start(caller, id, command("exit", "3"), Optional.empty(), PATIENCE);
        assertThat(done.end().orElseThrow().exitCode()).hasValue(3);
        assertThat(manager.execs().get(caller, id, done.id(), Duration.ZERO)).isEqualTo(done);
        assertThat(manager.execs().list(caller, id)).extracting(Exec::id).contains(done.id());
    }

    @Test
    void runsOneProcessForOneKey() {
        SandboxId id = createRunning();
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("process"));
        Exec first = manager.execs().start(caller, id, command("sleep"), key, Duration.ZERO);
        Exec second = manager.execs().start(caller, id, command("sleep"), key, Duration.ZERO);
        assertThat(second.id()).isEqualTo(first.id());
        refuses(
                ProblemCode.IDEMPOTENCY_CONFLICT,
                () -> manager.execs().start(caller, id, command("true"), key, Duration.ZERO));
        assertThat(manager.execs().list(caller, id)).hasSize(1);
    }

    @Test
    void sendsASignalWithAKeyOnce() {
        SandboxId id = createRunning();
        Exec exec = start(id, "sleep");
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("signal"));
        manager.execs().signal(caller, id, exec.id(), 15, SignalTarget.GROUP, key);
        manager.execs().signal(caller, id, exec.id(), 15, SignalTarget.GROUP, key);
        assertThat(host.signalsOf(exec.id())).containsExactly(15);
        refuses(
                ProblemCode.IDEMPOTENCY_CONFLICT,
                () -> manager.execs().signal(caller, id, exec.id(), 9, SignalTarget.GROUP, key));
        refuses(
                ProblemCode.EXEC_ENDED,
                () -> manager.execs().signal(caller, id, exec.id(), 15, SignalTarget.GROUP, Optional.empty()));
        Exec ended = manager.execs().get(caller, id, exec.id(), PATIENCE);
        assertThat(ended.end().orElseThrow().reason()).isEqualTo(ExecEndReason.SIGNALED);
    }

    @Test
    void saysWhyASandboxTakesNoCommands() {
        host.holdPrepares();
        SandboxId preparing = create();
        refuses(ProblemCode.SANDBOX_NOT_READY, () -> start(preparing, "true"));
        host.releasePrepares();
        awaitRunning(preparing);
        assertThat(start(preparing, "true").state()).isNotNull();

        manager.sandboxes().stop(caller, preparing, Duration.ZERO);
        manager.sandboxes().await(caller, preparing, Until.STOPPED, PATIENCE);
        refuses(ProblemCode.SANDBOX_STOPPED, () -> start(preparing, "true"));
    }

    @Test
    void preparesOneForWhichNoBoxIsReady() {
        host.holdPrepares();
        Created created = manager.sandboxes().create(caller, spec(), Optional.empty(), Duration.ZERO);
        assertThat(created.sandbox().state()).isEqualTo(SandboxState.PREPARING);
        host.releasePrepares();
        assertThat(awaitRunning(created.sandbox().id()).state()).isEqualTo(SandboxState.RUNNING);
    }

    @Test
    void endsAFailedStartWithItsReason() {
        host.setFaults(new FakeHost.Faults() {
            @Override
            public void before(String call) {
                if (call.equals("prepare") || call.equals("claim")) {
                    throw Problem.of(ProblemCode.SANDBOX_START_FAILED, "no way").asException();
                }
            }
        });
        Sandbox failed = awaitRunning(create());
        assertThat(failed.state()).isEqualTo(SandboxState.FAILED);
        assertThat(failed.reason()).contains(EndReason.FAILED);
        assertThat(failed.detail()).contains("no way");
    }

    @Test
    void goesOnAfterTheControlPlaneWasKilled() {
        SandboxId running = createRunning();
        host.holdPrepares();
        SandboxId preparing = create();
        SandboxId stopped = createStoppedWhileHeld();
        manager.close();
        SandboxId stray = new Ids(new Random()).sandbox();
        host.releasePrepares();
        host.sandboxes().prepare(stray, 2, spec());

        TestingManager next = open(host);
        try {
            assertThat(next.sandboxes()
                            .await(caller, preparing, Until.RUNNING, PATIENCE)
                            .state())
                    .isEqualTo(SandboxState.RUNNING);
            assertThat(next.sandboxes()
                            .await(caller, stopped, Until.STOPPED, PATIENCE)
                            .state()
                            .isTerminal())
                    .isTrue();
            assertThat(next.sandboxes().get(caller, running).state()).isEqualTo(SandboxState.RUNNING);
            await().atMost(PATIENCE).until(() -> host.running().keySet().equals(Set.of(running, preparing)));
        } finally {
            next.close();
        }
    }

    private SandboxId createStoppedWhileHeld() {
        SandboxId id = create();
        manager.sandboxes().stop(caller, id, Duration.ZERO);
        return id;
    }

    @Test
    void givesUpWhatAHostHasLost() {
        SandboxId id = createRunning();
        host.loseEverything();
        Sandbox lost = manager.sandboxes().await(caller, id, Until.STOPPED, PATIENCE);
        assertThat(lost.reason()).contains(EndReason.HOST_LOST);
    }

    SandboxId create() {
        return manager.sandboxes()
                .create(caller, spec(), Optional.empty(), Duration.ZERO)
                .sandbox()
                .id();
    }

    SandboxId createRunning() {
        SandboxId id = create();
        assertThat(awaitRunning(id).state()).isEqualTo(SandboxState.RUNNING);
        return id;
    }

    Sandbox awaitRunning(SandboxId id) {
        return manager.sandboxes().await(caller, id, Until.RUNNING, PATIENCE);
    }

    Exec start(SandboxId id, String... argv) {
        return manager.execs().start(caller, id, command(argv), Optional.empty(), Duration.ZERO);
    }

    static ExecSpec command(String... argv) {
        return ExecSpec.of(argv);
    }

    static void refuses(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(code);
            assertThat(e.problem().hint()).as("hint of %s", code).isNotEmpty();
        });
    }
}
