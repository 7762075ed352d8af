package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.FakeHost;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SandboxHostTest {
    @TempDir
    Path directory;

    private FakeHostTools fakes;
    private SandboxHost host;

    @BeforeEach
    void open() throws Exception {
        fakes = new FakeHostTools(directory);
        host = fakes.sandboxes;
    }

    @AfterEach
    void close() throws Exception {
        fakes.close();
    }

    @Test
    void aSandboxIsMadeUsedAndTakenDownWithoutATrace() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        ImageId image = host.prepare(plan).image();

        assertThat(image.value()).startsWith("img_");
        assertThat(fakes.guests().getFirst().hostname())
                .isEqualTo(plan.sandbox().value().replace('_', '-'));
        Exec exec = run(plan, "echo", "hi");
        assertThat(exec.output().stdoutBytes()).isEqualTo(3);
        assertThat(fakes.traces()).isNotEmpty();

        host.stop(plan.sandbox(), 2);
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.imageIsFree()).isTrue();
        host.stop(plan.sandbox(), 2);
        assertThat(fakes.metrics.get("atoll.sandboxes.live").gauge().value()).isZero();
    }

    @Test
    void aRepeatedPrepareIsAnsweredLikeTheFirstAndMakesNothing() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Prepared>> all =
                    threads.invokeAll(List.<Callable<Prepared>>of(() -> host.prepare(plan), () -> host.prepare(plan)));
            assertThat(all.get(0).get()).isEqualTo(all.get(1).get());
        }
        assertThat(host.prepare(plan)).isNotNull();
        assertThat(fakes.host.calls().stream().filter(call -> call.startsWith("create")))
                .hasSize(1);
    }

    @Test
    void staleCommandsAreRefused() throws Exception {
        SandboxPlan plan = fakes.plan(5);
        host.prepare(plan);
        assertCode(ProblemCode.STALE_GENERATION, () -> host.stop(plan.sandbox(), 4));
        assertCode(ProblemCode.STALE_GENERATION, () -> host.prepare(at(plan, 4)));
        host.prepare(at(plan, 6));
        assertCode(ProblemCode.STALE_GENERATION, () -> host.stop(plan.sandbox(), 5));
        host.stop(plan.sandbox(), 7);
        assertCode(ProblemCode.STALE_GENERATION, () -> host.prepare(plan));

        SandboxPlan never = fakes.plan(2);
        host.stop(never.sandbox(), 3);
        assertCode(ProblemCode.STALE_GENERATION, () -> host.prepare(never));
        assertThat(fakes.traces()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeHost.Call.class,
            names = {"CREATE", "START"})
    void aFailureOfTheRuntimeUnwindsEverything(FakeHost.Call call) throws Exception {
        fakes.host.failNext(
                call,
                Problem.of(ProblemCode.SANDBOX_START_FAILED, "It does not start.")
                        .asException());
        SandboxPlan plan = fakes.plan(1);

        assertCode(ProblemCode.SANDBOX_START_FAILED, () -> host.prepare(plan));
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.imageIsFree()).isTrue();
        assertThat(host.prepare(plan)).isNotNull();
    }

    @Test
    void anUnknownImageIsAProblemAndLeavesNothing() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        SandboxPlan other =
                new SandboxPlan(plan.sandbox(), 1, new ImageName("no-such-image"), plan.size(), Map.of(), true);

        assertCode(ProblemCode.IMAGE_NOT_FOUND, () -> host.prepare(other));
        assertThat(fakes.traces()).isEmpty();
    }

    @Test
    void anUndoThatFailsIsTriedAgainAndThenWhenItIsAskedForAgain() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        host.prepare(plan);
        fakes.host.failNext(FakeHost.Call.DESTROY, new IllegalStateException("once"));
        host.stop(plan.sandbox(), 2);
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.metrics.get("atoll.sandbox.undo.failures").counter().count())
                .isEqualTo(1);
    }

    @Test
    void aBoxThatEndsByItselfIsReportedAndItsExecsCanStillBeRead() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        host.prepare(plan);
        ExecTable execs = host.execs(plan.sandbox());
        Exec running = execs.start(fakes.ids.exec(), command("sleep"));
        Exec done = run(plan, "echo", "kept");
        try (SandboxReports.Observer observer = host.observe()) {
            assertThat(observer.picture())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            SandboxReport.Present.class,
                            present -> assertThat(present.running()).isTrue());
            fakes.host.end(box(), new BoxExit.OutOfMemory(200L << 20, 1));

            SandboxReport.Ended ended = ended(observer);
            assertThat(ended.reason()).isEqualTo(EndReason.OOM);
            assertThat(ended.detail()).contains("200 MiB");
        }
        assertThat(execs.get(running.id()).end().orElseThrow().reason()).isEqualTo(ExecEndReason.OOM);
        assertThat(host.execs(plan.sandbox()).get(done.id()).output().stdoutBytes())
                .isEqualTo(5);
        assertCode(ProblemCode.SANDBOX_STOPPED, () -> execs.start(fakes.ids.exec(), command("true")));
        assertThat(fakes.traces()).noneMatch(trace -> trace.startsWith("box"));
        assertThat(fakes.imageIsFree()).isTrue();
        host.stop(plan.sandbox(), 2);
        assertThat(fakes.traces()).isEmpty();
    }

    @Test
    void anEndThatNobodyAcknowledgesIsForgottenAfterAWhile() throws Exception {
        fakes.close();
        SandboxSettings settings = new SandboxSettings(
                Duration.ofSeconds(10), Duration.ZERO, Duration.ofMillis(20), Duration.ofSeconds(1), 10);
        fakes = new FakeHostTools(Files.createDirectories(directory.resolve("other")), settings, PoolSettings.off());
        host = fakes.sandboxes;
        SandboxPlan plan = fakes.plan(1);
        host.prepare(plan);
        fakes.host.end(box(), new BoxExit.Exited(1));

        await().untilAsserted(() -> assertThat(fakes.traces()).isEmpty());
        assertCode(ProblemCode.STALE_GENERATION, () -> host.prepare(plan));
    }

    @Test
    void aSandboxThatIsNotHereSaysSo() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        assertCode(ProblemCode.SANDBOX_NOT_FOUND, () -> host.execs(plan.sandbox()));
        host.prepare(plan);
        host.stop(plan.sandbox(), 2);
        assertCode(ProblemCode.SANDBOX_STOPPED, () -> host.execs(plan.sandbox()));
        assertThat(host.records(plan.sandbox()).list()).as("it said nothing").isEmpty();
    }

    @Test
    void aHostHasALimit() throws Exception {
        fakes.close();
        SandboxSettings settings = new SandboxSettings(
                Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(1), 1);
        fakes = new FakeHostTools(Files.createDirectories(directory.resolve("other")), settings, PoolSettings.off());
        host = fakes.sandboxes;
        host.prepare(fakes.plan(1));

        assertCode(ProblemCode.CAPACITY, () -> host.prepare(fakes.plan(1)));
    }

    @Test
    void closingTakesEverythingDown() throws Exception {
        host.prepare(fakes.plan(1));
        host.prepare(fakes.plan(1));
        host.stopAll();

        assertThat(fakes.traces()).isEmpty();
        assertCode(ProblemCode.SHUTTING_DOWN, () -> host.prepare(fakes.plan(1)));
    }

    private BoxId box() {
        return fakes.tools.boxes().runtime().list().iterator().next();
    }

    private Exec run(SandboxPlan plan, String... argv) throws InterruptedException {
        ExecTable execs = host.execs(plan.sandbox());
        ExecId id = fakes.ids.exec();
        execs.start(id, command(argv));
        return execs.awaitEnd(id, Duration.ofSeconds(10));
    }

    private static SandboxReport.Ended ended(SandboxReports.Observer observer) throws InterruptedException {
        while (true) {
            Optional<SandboxReport> change = observer.next(Duration.ofSeconds(10));
            if (change.orElseThrow() instanceof SandboxReport.Ended ended) {
                return ended;
            }
        }
    }

    private static ExecSpec command(String... argv) {
        return ExecSpec.of(argv);
    }

    private static SandboxPlan at(SandboxPlan plan, long generation) {
        return new SandboxPlan(plan.sandbox(), generation, plan.image(), plan.size(), plan.env(), plan.warm());
    }

    private static void assertCode(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
