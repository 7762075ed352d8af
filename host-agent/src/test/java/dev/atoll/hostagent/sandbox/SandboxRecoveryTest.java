package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.Journal;
import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.output.OutputCursor;
import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.hostagent.pool.Taken;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.FakeHost;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxStart;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next life makes of what an agent left when it was killed. */
@Timeout(60)
class SandboxRecoveryTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int BOX_STEPS = 6;

    @TempDir
    Path directory;

    private FakeHostTools fakes;

    @BeforeEach
    void open() throws Exception {
        fakes = new FakeHostTools(directory);
    }

    @AfterEach
    void close() throws Exception {
        fakes.close();
    }

    @Test
    void aRunningSandboxGoesOnWithItsExecsItsInputAndItsOutput() throws Exception {
        SandboxPlan plan = fakes.plan(3);
        Prepared before = fakes.sandboxes.prepare(plan);
        ExecTable execs = fakes.sandboxes.execs(plan.sandbox());
        ExecId cat = fakes.ids.exec();
        execs.start(cat, command(true, "cat"));
        execs.write(cat, 0, bytes("one "), false, LONG);
        Exec done = run(execs, "echo", "kept");
        await().until(() -> execs.get(cat).output().stdoutBytes() == 4);

        fakes = fakes.nextLife();
        SandboxRecovery.Recovered found = fakes.recover();

        assertThat(found.adopted()).isEqualTo(1);
        assertThat(fakes.sandboxes.prepare(plan))
                .as("a repeated command")
                .usingRecursiveComparison()
                .ignoringFields("guest")
                .isEqualTo(before);
        ExecTable after = fakes.sandboxes.execs(plan.sandbox());
        assertThat(after.get(done.id()).end()).isEqualTo(done.end());
        assertThat(text(after, done.id())).isEqualTo("kept\n");
        assertThat(after.get(cat).end()).isEmpty();
        assertThat(after.write(cat, 0, bytes("one two"), true, LONG).nextOffset())
                .isEqualTo(7);
        assertThat(after.awaitEnd(cat, LONG).end().orElseThrow().exitCode()).hasValue(0);
        assertThat(text(after, cat)).isEqualTo("one two");
        assertThat(run(after, "echo", "new").end().orElseThrow().exitCode()).hasValue(0);
        assertThat(fakes.sweep()).isEmpty();
        fakes.sandboxes.stop(plan.sandbox(), 4);
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.imageIsFree()).isTrue();
    }

    @Test
    void anExitThatNobodySawIsReportedTruthfully() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        ExecTable execs = fakes.sandboxes.execs(plan.sandbox());
        ExecId cat = fakes.ids.exec();
        execs.start(cat, command(true, "cat"));
        execs.write(cat, 0, bytes("all"), true, LONG);
        // Whether its end was seen or not: the next life says the same.
        fakes = fakes.nextLife();
        fakes.recover();

        Exec exec = fakes.sandboxes.execs(plan.sandbox()).awaitEnd(cat, LONG);
        assertThat(exec.end().orElseThrow().reason()).isEqualTo(ExecEndReason.EXITED);
        assertThat(text(fakes.sandboxes.execs(plan.sandbox()), cat)).isEqualTo("all");
    }

    @Test
    void aTimeoutThatRanOutMeanwhileIsATimeout() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        ExecId sleep = fakes.ids.exec();
        fakes.sandboxes.execs(plan.sandbox()).start(sleep, ExecSpec.of("sleep").withTimeout(Duration.ofHours(1)));
        fakes.clock.moveOn(Duration.ofHours(2));
        fakes = fakes.nextLife();
        fakes.recover();

        Exec exec = fakes.sandboxes.execs(plan.sandbox()).awaitEnd(sleep, LONG);
        assertThat(exec.end().orElseThrow().reason()).isEqualTo(ExecEndReason.TIMEOUT);
    }

    @Test
    void aBoxThatEndedMeanwhileIsReportedWithItsReason() throws Exception {
        SandboxPlan plan = fakes.plan(5);
        fakes.sandboxes.prepare(plan);
        ExecId sleep = fakes.ids.exec();
        fakes.sandboxes.execs(plan.sandbox()).start(sleep, command(false, "sleep"));
        Exec done = run(fakes.sandboxes.execs(plan.sandbox()), "echo", "kept");
        fakes = fakes.nextLife();
        fakes.host.end(box(), new BoxExit.OutOfMemory(200L << 20, 1));
        fakes.recover();

        await().untilAsserted(() -> assertThat(ended().reason()).isEqualTo(EndReason.OOM));
        assertThat(ended().generation()).isEqualTo(5);
        ExecTable execs = fakes.sandboxes.execs(plan.sandbox());
        assertThat(execs.get(sleep).end().orElseThrow().reason()).isEqualTo(ExecEndReason.OOM);
        assertThat(text(execs, done.id())).isEqualTo("kept\n");

        fakes = fakes.nextLife();
        assertThat(fakes.recover().ended()).isEqualTo(1);
        assertThat(ended().reason()).isEqualTo(EndReason.OOM);
        assertThat(text(fakes.sandboxes.execs(plan.sandbox()), done.id())).isEqualTo("kept\n");
        assertThatThrownBy(() -> fakes.sandboxes.prepare(plan)).isInstanceOf(ProblemException.class);
        fakes.sandboxes.stop(plan.sandbox(), 6);
        assertThat(fakes.traces()).isEmpty();

        fakes.clock.moveOn(Duration.ofDays(1));
        fakes = fakes.nextLife();
        assertThat(fakes.recover()).isEqualTo(new SandboxRecovery.Recovered(0, 0, 0, 0, 0));
    }

    @Test
    void anEndThatNobodyReadsIsForgottenWhenItsTimeIsOver() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        fakes.host.end(box(), new BoxExit.Exited(1));
        await().untilAsserted(() -> assertThat(ended().reason()).isEqualTo(EndReason.FAILED));
        fakes.clock.moveOn(SandboxSettings.DEFAULT.endedRetention());
        fakes = fakes.nextLife();
        fakes.recover();

        assertThat(fakes.traces()).isEmpty();
        assertThat(ended().reason()).as("for who has not heard yet").isEqualTo(EndReason.FAILED);
    }

    @Test
    void aRebootIsToldApartFromARestart() throws Exception {
        SandboxPlan plan = fakes.plan(2);
        fakes.sandboxes.prepare(plan);
        fakes = fakes.nextLife(PoolSettings.off(), "another boot");
        SandboxRecovery.Recovered found = fakes.recover();

        assertThat(found.lost()).isEqualTo(1);
        assertThat(ended().reason()).isEqualTo(EndReason.HOST_LOST);
        assertThat(ended().detail()).contains("rebooted");
        assertThat(fakes.traces()).isEmpty();
        assertThatThrownBy(() -> fakes.sandboxes.prepare(plan)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aDeathInTheMiddleOfMakingLeavesNothingAndTheCommandMayBeRepeated(int stepsMade) throws Exception {
        SandboxPlan plan = fakes.plan(4);
        try (Journal<SandboxEntry> journal =
                fakes.tools.journals().open(plan.sandbox().value())) {
            journal.append(new SandboxEntry.Begun(plan, FakeHostTools.BOOT, Instant.EPOCH));
        }
        HostedBox box = HostedBox.begin(fakes.tools.boxes(), fakes.template());
        box.claim(plan.sandbox());
        AtomicInteger steps = new AtomicInteger();
        if (stepsMade < BOX_STEPS) {
            assertThatThrownBy(() -> box.makeWhole(BootGate.Urgency.WANTED, () -> steps.getAndIncrement() == stepsMade))
                    .isInstanceOf(ProblemException.class);
        } else {
            box.makeWhole(BootGate.Urgency.WANTED, () -> false);
        }

        fakes = fakes.nextLife();
        assertThat(fakes.recover().undone()).isEqualTo(1);
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.imageIsFree()).isTrue();
        assertThat(fakes.sandboxes.prepare(plan).start()).isEqualTo(SandboxStart.POOL_OFF);
    }

    @Test
    void aDeathInTheMiddleOfTakingDownIsFinished() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        fakes.host.failNext(FakeHost.Call.DESTROY, new IllegalStateException("once"));
        try (Journal<SandboxEntry> journal =
                fakes.tools.journals().open(plan.sandbox().value())) {
            journal.append(new SandboxEntry.Undoing());
        }
        fakes = fakes.nextLife();
        assertThatThrownBy(() -> fakes.recover()).hasMessage("once");
        fakes = fakes.nextLife();
        fakes.recover();

        assertThat(fakes.traces()).isEmpty();
        fakes.sandboxes.stop(plan.sandbox(), 2);
    }

    @Test
    void aBoxThatWaitedIsKeptOnAndOneThatWasClaimedNeverIs() throws Exception {
        HostedBox waiting = HostedBox.begin(fakes.tools.boxes(), fakes.template());
        waiting.makeWhole(BootGate.Urgency.AHEAD, () -> false);
        HostedBox claimed = HostedBox.begin(fakes.tools.boxes(), fakes.template());
        claimed.makeWhole(BootGate.Urgency.AHEAD, () -> false);
        claimed.claim(fakes.plan(1).sandbox());

        fakes = fakes.nextLife(PoolSettings.of(1L << 33, 2), FakeHostTools.BOOT);
        assertThat(fakes.recover().pooled()).isEqualTo(1);
        await().until(() -> !fakes.pool.report().isEmpty());
        assertThat(fakes.traces())
                .noneMatch(trace -> trace.contains(claimed.id().value()));
        assertThat(fakes.pool.take(fakes.template(), FakeHostTools.IMAGE))
                .isInstanceOfSatisfying(
                        Taken.Ready.class, ready -> assertThat(ready.box().id()).isEqualTo(waiting.id()));
    }

    @Test
    void executablesOfAnotherBuildAreNotKeptReady() throws Exception {
        HostedBox waiting = HostedBox.begin(fakes.tools.boxes(), fakes.template());
        waiting.makeWhole(BootGate.Urgency.AHEAD, () -> false);
        fakes = fakes.nextLife(PoolSettings.of(1L << 33, 2), "another boot");

        assertThat(fakes.recover().pooled()).isZero();
        assertThat(fakes.traces()).isEmpty();
    }

    @Test
    void aJournalThatDiedWithItsFirstEntryIsRemoved() throws Exception {
        fakes.tools.journals().open(fakes.plan(1).sandbox().value()).close();
        fakes.tools
                .boxes()
                .journals()
                .open(BoxId.random(new java.util.Random(1)).value())
                .close();
        fakes = fakes.nextLife();
        fakes.recover();
        assertThat(fakes.traces()).isEmpty();
    }

    private BoxId box() {
        return fakes.tools.boxes().runtime().list().iterator().next();
    }

    private SandboxReport.Ended ended() {
        try (SandboxReports.Observer observer = fakes.sandboxes.observe()) {
            return observer.picture().stream()
                    .filter(SandboxReport.Ended.class::isInstance)
                    .map(SandboxReport.Ended.class::cast)
                    .findFirst()
                    .orElseThrow(AssertionError::new);
        }
    }

    private Exec run(ExecTable execs, String... argv) throws InterruptedException {
        ExecId id = fakes.ids.exec();
        execs.start(id, command(false, argv));
        return execs.awaitEnd(id, LONG);
    }

    private static String text(ExecTable execs, ExecId id) {
        StringBuilder text = new StringBuilder();
        try (OutputCursor cursor = execs.output(id).attach(StreamChoice.ALL, 0)) {
            cursor.read(1 << 20)
                    .frames()
                    .forEach(frame -> text.append(new String(frame.bytes(), StandardCharsets.UTF_8)));
        }
        return text.toString();
    }

    private static ExecSpec command(boolean stdin, String... argv) {
        return stdin ? ExecSpec.of(argv).withStdin() : ExecSpec.of(argv);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
