package dev.atoll.manager;

import static dev.atoll.manager.TestingSpecs.image;
import static dev.atoll.manager.TestingSpecs.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.run.Run;
import dev.atoll.manager.run.RunOutcome;
import dev.atoll.manager.run.RunSpec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs on a fake host. */
class RunsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeHost host = FakeHost.large(new Ids(new Random()).host(), TestingManager.clock());
    private final ManagerStores stores = TestingManager.storesInMemory();
    private TestingManager manager;
    private Caller caller;

    @BeforeEach
    void start() {
        manager = TestingManager.on(stores, host);
        caller = manager.caller();
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    private static RunSpec run(SandboxSpec sandbox, String stdin, String... argv) {
        return new RunSpec(
                sandbox,
                List.of(),
                ExecSpec.of(argv),
                stdin.getBytes(StandardCharsets.UTF_8),
                List.of(),
                Optional.empty());
    }

    private static RunSpec run(String... argv) {
        return run(spec(), "", argv);
    }

    private Run begin(RunSpec spec, String key) {
        return manager.runs().begin(caller, spec, Optional.of(new IdempotencyKey(key)), PATIENCE);
    }

    private static String stdout(Run run) {
        return new String(run.outcome().orElseThrow().stdout(), StandardCharsets.UTF_8);
    }

    private void awaitNothingLeft() {
        await().atMost(PATIENCE).until(() -> host.running().isEmpty());
    }

    @Test
    void runsACommandAndLeavesNothing() {
        Run run = manager.runs().begin(caller, run("echo", "hello"), Optional.empty(), PATIENCE);
        assertThat(stdout(run)).isEqualTo("hello\n");
        RunOutcome outcome = run.outcome().orElseThrow();
        assertThat(outcome.exec().orElseThrow().end().orElseThrow().exitCode()).hasValue(0);
        assertThat(outcome.problem()).isEmpty();
        awaitNothingLeft();
        await().atMost(PATIENCE)
                .until(() -> manager.runs()
                        .get(caller, run.id(), Duration.ZERO)
                        .outcome()
                        .isPresent());
        assertThat(stdout(manager.runs().get(caller, run.id(), Duration.ZERO))).isEqualTo("hello\n");
        assertThatThrownBy(() -> manager.runs().get(manager.stranger(), run.id(), Duration.ZERO))
                .extracting(e -> ((ProblemException) e).problem().code())
                .isEqualTo(ProblemCode.RUN_NOT_FOUND);
    }

    @Test
    void inputIsGivenAndClosed() {
        Run run = manager.runs().begin(caller, run(spec(), "line\n", "cat"), Optional.empty(), PATIENCE);
        assertThat(stdout(run)).isEqualTo("line\n");
    }

    @Test
    void aRunThatTakesLongerThanItsCallerWaitsGoesOn() {
        Run run = manager.runs().begin(caller, run("sleep"), Optional.empty(), Duration.ofMillis(50));
        assertThat(run.outcome()).isEmpty();
        await().atMost(PATIENCE).until(() -> host.running().containsKey(run.sandbox()));
        await().atMost(PATIENCE)
                .until(() -> !manager.execs().list(caller, run.sandbox()).isEmpty());
        manager.sandboxes().stop(caller, run.sandbox(), Duration.ZERO);
        Run ended = manager.runs().get(caller, run.id(), PATIENCE);
        assertThat(ended.outcome()).isPresent();
        awaitNothingLeft();
    }

    @Test
    void oneKeyIsOneRunHoweverOftenItIsAsked() throws Exception {
        RunSpec spec = run("echo", "once");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Run>> runs = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> begin(spec, "the-key")))
                    .toList();
            for (Future<Run> run : runs) {
                assertThat(run.get().id()).isEqualTo(runs.getFirst().get().id());
                assertThat(stdout(run.get())).isEqualTo("once\n");
            }
        }
        assertThatThrownBy(() -> begin(run("echo", "other"), "the-key"))
                .extracting(e -> ((ProblemException) e).problem().code())
                .isEqualTo(ProblemCode.IDEMPOTENCY_CONFLICT);
    }

    @Test
    void aRunThatCouldNotBeginCanBeAskedAgainUnderItsKey() {
        Run failed = begin(run(image("nothing"), "", "true"), "again");
        assertThat(failed.outcome().orElseThrow().problem().orElseThrow().code())
                .isEqualTo(ProblemCode.IMAGE_NOT_FOUND);
        await().atMost(PATIENCE)
                .until(() ->
                        !begin(run(image("nothing"), "", "true"), "again").id().equals(failed.id()));
    }

    @Test
    void whatACrashLeavesIsTakenUpByTheNextLife() {
        Run run = manager.runs()
                .begin(caller, run("sleep"), Optional.of(new IdempotencyKey("crash")), Duration.ofMillis(50));
        await().atMost(PATIENCE).until(() -> host.running().containsKey(run.sandbox()));
        await().atMost(PATIENCE)
                .until(() -> !manager.execs().list(caller, run.sandbox()).isEmpty());
        manager.close();
        manager = TestingManager.on(stores, host);
        assertThat(manager.runs().get(caller, run.id(), Duration.ofMillis(50)).outcome())
                .isEmpty();
        var command = manager.execs().list(caller, run.sandbox()).getFirst();
        manager.execs().signal(caller, run.sandbox(), command.id(), 15, SignalTarget.PROCESS, Optional.empty());
        Run ended = begin(run("sleep"), "crash");
        assertThat(ended.id()).isEqualTo(run.id());
        assertThat(ended.outcome().orElseThrow().exec().orElseThrow().id())
                .as("the same process, not another")
                .isEqualTo(command.id());
        awaitNothingLeft();
    }

    private Run begun(RunSpec spec) {
        return manager.runs().begin(caller, spec, Optional.of(new IdempotencyKey("to-cancel")), Duration.ZERO);
    }

    private Run canceled(Run run) {
        Run canceled = manager.runs().cancel(caller, run.id(), PATIENCE);
        assertThat(canceled.outcome().orElseThrow().canceled()).isTrue();
        assertThat(canceled.outcome().orElseThrow().problem()).isEmpty();
        return canceled;
    }

    @Test
    void aRunIsCanceledWhileItsCommandRuns() {
        Run run = begun(run("sleep"));
        await().atMost(PATIENCE).until(() -> host.running().containsKey(run.sandbox()));
        await().atMost(PATIENCE)
                .until(() -> !manager.execs().list(caller, run.sandbox()).isEmpty());
        Run canceled = canceled(run);
        assertThat(canceled.outcome()
                        .orElseThrow()
                        .exec()
                        .orElseThrow()
                        .end()
                        .orElseThrow()
                        .signal())
                .hasValue(9);
        awaitNothingLeft();
        assertThat(manager.counted("atoll.runs.ended", "state", "canceled")).isEqualTo(1);
        assertThat(manager.counted("atoll.runs.begun", "outcome", "ok")).isEqualTo(1);
        assertThat(canceled(run).outcome().orElseThrow().endedAt())
                .isEqualTo(canceled.outcome().orElseThrow().endedAt());
        assertThat(begun(run("sleep")).id()).as("its key is not free").isEqualTo(run.id());
        assertThatThrownBy(() -> manager.runs().cancel(manager.stranger(), run.id(), PATIENCE))
                .extracting(e -> ((ProblemException) e).problem().code())
                .isEqualTo(ProblemCode.RUN_NOT_FOUND);
    }

    @Test
    void aRunIsCanceledWhileItsSandboxIsMade() {
        host.holdPrepares();
        Run run = begun(run("sleep"));
        await().atMost(PATIENCE)
                .until(() -> manager.sandboxes().get(caller, run.sandbox()).state() == SandboxState.PREPARING);
        assertThat(canceled(run).outcome().orElseThrow().exec()).isEmpty();
        host.releasePrepares();
        await().atMost(PATIENCE)
                .until(() ->
                        manager.sandboxes().get(caller, run.sandbox()).state().isTerminal());
        awaitNothingLeft();
    }

    @Test
    void aRunIsCanceledWhileItWaitsForRoom() {
        manager.close();
        FakeHost small = new FakeHost(
                new Ids(new Random()).host(), new HostCapacity(4_000, 400L << 20, 0), TestingManager.clock());
        manager = TestingManager.on(TestingManager.storesInMemory(), small);
        caller = manager.caller();
        var _ = manager.sandboxes().create(caller, spec(), Optional.empty(), PATIENCE);
        Run run = begun(run("sleep"));
        await().atMost(PATIENCE).until(() -> manager.waitingForRoom() == 1);
        assertThat(canceled(run).outcome().orElseThrow().exec()).isEmpty();
        assertThat(manager.waitingForRoom()).isZero();
        assertThatThrownBy(() -> manager.sandboxes().get(caller, run.sandbox()))
                .extracting(e -> ((ProblemException) e).problem().code())
                .isEqualTo(ProblemCode.SANDBOX_NOT_FOUND);
    }

    @Test
    void aRunThatHasEndedStaysAsItEnded() {
        Run run = manager.runs().begin(caller, run("echo", "done"), Optional.empty(), PATIENCE);
        Run asked = manager.runs().cancel(caller, run.id(), PATIENCE);
        assertThat(asked.outcome().orElseThrow().canceled()).isFalse();
        assertThat(stdout(asked)).isEqualTo("done\n");
        awaitNothingLeft();
        assertThat(stdout(manager.runs().cancel(caller, run.id(), PATIENCE))).isEqualTo("done\n");
    }

    @Test
    void aWishThatACrashInterruptsIsCarriedOutByTheNextLife() {
        Run run = begun(run("sleep"));
        await().atMost(PATIENCE).until(() -> host.running().containsKey(run.sandbox()));
        await().atMost(PATIENCE)
                .until(() -> !manager.execs().list(caller, run.sandbox()).isEmpty());
        var command = manager.execs().list(caller, run.sandbox()).getFirst();
        manager.close();
        stores.runs()
                .askCancel(caller.workspace(), run.id(), TestingManager.clock().instant());
        manager = TestingManager.on(stores, host);
        Run ended = manager.runs().get(caller, run.id(), PATIENCE);
        assertThat(ended.outcome().orElseThrow().canceled()).isTrue();
        assertThat(ended.outcome().orElseThrow().exec().orElseThrow().id()).isEqualTo(command.id());
        awaitNothingLeft();
    }
}
