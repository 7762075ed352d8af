package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.Journal;
import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.output.OutputCursor;
import dev.atoll.hostagent.retained.RetainedSandboxes;
import dev.atoll.hostagent.retained.RetentionSettings;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be read of a sandbox that has ended, for how long, and what is left of it then. */
@Timeout(60)
class RetentionTest {
    private static final Duration LONG = Duration.ofSeconds(10);

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
    void whatASandboxSaidIsReadAfterItsStopAndAfterTheDeathOfTheAgent() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        Exec said = saidBy(plan, "hello");
        Exec runs = fakes.sandboxes.execs(plan.sandbox()).start(fakes.ids.exec(), command("sleep"));
        fakes.sandboxes.stop(plan.sandbox(), 2);

        assertThat(fakes.traces()).isEmpty();
        for (int life = 0; life < 2; life++) {
            ExecTable records = fakes.sandboxes.records(plan.sandbox());
            assertThat(records.list()).extracting(Exec::id).containsExactly(runs.id(), said.id());
            assertThat(records.get(said.id()).end()).isEqualTo(said.end());
            assertThat(records.get(runs.id()).end().orElseThrow().reason()).isEqualTo(ExecEndReason.SANDBOX_STOPPED);
            assertThat(text(records, said.id())).isEqualTo("hello\n");
            assertThat(fakes.sweep()).as("it has an owner").isEmpty();
            assertCode(ProblemCode.SANDBOX_STOPPED, () -> fakes.sandboxes.execs(plan.sandbox()));
            fakes = fakes.nextLife();
            fakes.recover();
        }
    }

    @Test
    void whoeverReadsReadsOnWhenItStops() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        Exec said = saidBy(plan, "hello");
        try (OutputCursor cursor =
                fakes.sandboxes.execs(plan.sandbox()).output(said.id()).attach(StreamChoice.ALL, 0)) {
            fakes.sandboxes.stop(plan.sandbox(), 2);
            assertThat(cursor.read(100).nextOffset()).isEqualTo(6);
            assertThat(cursor.read(100).eof()).isTrue();
        }
    }

    @Test
    void afterItsTimeNothingIsLeft() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        Exec said = saidBy(plan, "hello");
        fakes.sandboxes.stop(plan.sandbox(), 2);
        fakes.clock.moveOn(RetentionSettings.DEFAULT.keepFor().minusSeconds(1));
        fakes.tools.retained().tidy();
        ExecTable records = fakes.sandboxes.records(plan.sandbox());

        fakes.clock.moveOn(Duration.ofSeconds(2));
        fakes.tools.retained().tidy();

        assertCode(ProblemCode.RETENTION_OVER, () -> fakes.sandboxes.records(plan.sandbox()));
        assertCode(ProblemCode.RETENTION_OVER, () -> text(records, said.id()));
        assertThat(fakes.tools.sandboxes()).isEmptyDirectory();
        fakes = fakes.nextLife();
        assertCode(ProblemCode.RETENTION_OVER, () -> fakes.sandboxes.records(plan.sandbox()));
    }

    @Test
    void aDeathInTheMiddleOfAStopLosesNothing() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        Exec said = saidBy(plan, "hello");
        try (Journal<SandboxEntry> journal =
                fakes.tools.journals().open(plan.sandbox().value())) {
            journal.append(new SandboxEntry.Undoing());
        }
        fakes = fakes.nextLife();
        fakes.recover();

        assertThat(fakes.traces()).isEmpty();
        assertThat(text(fakes.sandboxes.records(plan.sandbox()), said.id())).isEqualTo("hello\n");
    }

    @Test
    void aDeathInTheMiddleOfGivingBackLeavesNothing() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        saidBy(plan, "hello");
        try (Journal<SandboxEntry> journal =
                fakes.tools.journals().open(plan.sandbox().value())) {
            journal.append(new SandboxEntry.GivenBack());
        }
        fakes = fakes.nextLife();
        fakes.recover();

        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.tools.sandboxes()).isEmptyDirectory();
    }

    @Test
    void anEndByItselfIsKeptAsLongAsAStop() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        Exec said = saidBy(plan, "hello");
        fakes.host.end(fakes.tools.boxes().runtime().list().iterator().next(), new BoxExit.Exited(1));
        await().until(() -> fakes.traces().stream().noneMatch(trace -> trace.startsWith("box")));
        fakes.clock.moveOn(SandboxSettings.DEFAULT.endedRetention().plusSeconds(1));
        fakes = fakes.nextLife();
        fakes.recover();

        assertThat(text(fakes.sandboxes.records(plan.sandbox()), said.id())).isEqualTo("hello\n");
        fakes.clock.moveOn(RetentionSettings.DEFAULT.keepFor());
        fakes.tools.retained().tidy();
        assertCode(ProblemCode.RETENTION_OVER, () -> fakes.sandboxes.records(plan.sandbox()));
    }

    @Test
    void whatIsBeyondTheBoundsGoesTheOldestFirst() throws Exception {
        List<SandboxPlan> plans = List.of(fakes.plan(1), fakes.plan(1), fakes.plan(1));
        for (SandboxPlan plan : plans) {
            saidBy(plan, "x".repeat(99));
            fakes.sandboxes.stop(plan.sandbox(), 2);
            fakes.clock.moveOn(Duration.ofSeconds(1));
        }
        fakes.tools.retained().close();

        try (RetainedSandboxes bounded = reopened(250, 10)) {
            bounded.tidy();
            assertThat(plans).map(plan -> bounded.has(plan.sandbox())).containsExactly(false, true, true);
            assertThat(bounded.relieve(1)).as("a full disk").isTrue();
            assertThat(plans).map(plan -> bounded.has(plan.sandbox())).containsExactly(false, false, true);
        }
        try (RetainedSandboxes bounded = reopened(1_000, 0)) {
            bounded.tidy();
            assertThat(bounded.relieve(1)).isFalse();
        }
        assertThat(fakes.tools.sandboxes()).isEmptyDirectory();
    }

    @Test
    void filesThatSomebodyRemovedAreNotOwned() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        saidBy(plan, "hello");
        fakes.sandboxes.stop(plan.sandbox(), 2);
        Path files = fakes.tools.sandboxes().resolve(plan.sandbox().value());
        fakes = fakes.nextLife();
        dev.atoll.hostagent.place.PrivateDirectory.remove(files);
        fakes = fakes.nextLife();

        assertThat(fakes.tools.retained().has(plan.sandbox())).isFalse();
        assertThat(Files.exists(files)).isFalse();
        assertThat(RetainedSandboxes.names(directory.resolve("retained"))).isEmpty();
    }

    private RetainedSandboxes reopened(long bytes, int sandboxes) throws IOException {
        return RetainedSandboxes.open(
                directory.resolve("retained"),
                fakes.tools.sandboxes(),
                new RetentionSettings(Duration.ofHours(1), bytes, sandboxes),
                fakes.tools.execs(),
                new SimpleMeterRegistry());
    }

    private Exec saidBy(SandboxPlan plan, String text) throws InterruptedException {
        fakes.sandboxes.prepare(plan);
        ExecTable execs = fakes.sandboxes.execs(plan.sandbox());
        ExecId id = fakes.ids.exec();
        execs.start(id, command("echo", text));
        return execs.awaitEnd(id, LONG);
    }

    private static String text(ExecTable records, ExecId exec) throws IOException {
        StringBuilder text = new StringBuilder();
        try (OutputCursor cursor = records.output(exec).attach(StreamChoice.ALL, 0)) {
            for (OutputFrame frame : cursor.read(1_000).frames()) {
                text.append(new String(frame.bytes(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private static ExecSpec command(String... argv) {
        return ExecSpec.of(List.of(argv));
    }

    private static void assertCode(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
