package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.activity.NewsFeed;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.usage.UsageSettings;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.problem.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host tells of what goes on in its sandboxes, through its lives. */
@Timeout(60)
class ActivityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(100);

    /** The clock of these tests goes on by itself as well. */
    private static final Duration SLACK = Duration.ofSeconds(60);

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
    void whatExecsDidIsToldUntilItIsWrittenAndAfterADeathAgain() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        ExecId done = run(plan, "echo", "x");
        NewsFeed.Batch batch = fakes.activity.news().take("", 0, 10);
        assertThat(batch.news())
                .extracting(NewEvent::type)
                .containsExactly(EventType.EXEC_STARTED, EventType.EXEC_ENDED);
        assertThat(batch.news().getLast().facts())
                .containsEntry("exec_id", done.value())
                .containsEntry("reason", "exited")
                .containsEntry("exit_code", "0");
        assertThat(fakes.activity.news().take("", 0, 1).news())
                .containsExactly(batch.news().getFirst());
        assertThat(fakes.activity.news().take(batch.life(), 1, 10).news())
                .containsExactly(batch.news().getLast());

        // One is written, one is not: the next life tells what was not, and may tell the other.
        fakes.activity.save();
        fakes = fakes.nextLife();
        fakes.recover();
        assertThat(fakes.activity.news().take(batch.life(), 2, 10).news())
                .as("the mark is of another life")
                .contains(batch.news().getLast());
    }

    @Test
    void whatWasWrittenLongAgoIsNotToldAgain() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        run(plan, "echo", "x");
        NewsFeed.Batch batch = fakes.activity.news().take("", 0, 10);
        fakes.activity.news().take(batch.life(), batch.last(), 10);
        fakes.clock.moveOn(Duration.ofSeconds(1));
        fakes.activity.save();
        fakes = fakes.nextLife();
        fakes.recover();
        assertThat(fakes.activity.news().take("", 0, 10).news()).isEmpty();
    }

    @Test
    void aCallIsUseAsLongAsItLastsAndSoIsACommandThatIsNotLeftAlone() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        fakes.clock.moveOn(LONG);
        assertThat(idle(plan, true)).isBetween(LONG, LONG.plus(SLACK));
        fakes.activity.clock().begin(plan.sandbox());
        fakes.clock.moveOn(LONG);
        assertThat(idle(plan, true)).isZero();
        fakes.activity.clock().end(plan.sandbox());
        assertThat(idle(plan, true)).isLessThan(SLACK);
        fakes.clock.moveOn(LONG);
        assertThat(idle(plan, true)).isBetween(LONG, LONG.plus(SLACK));

        ExecTable execs = fakes.sandboxes.execs(plan.sandbox());
        ExecId cat = fakes.ids.exec();
        execs.start(cat, command("cat").withStdin());
        fakes.clock.moveOn(LONG);
        assertThat(idle(plan, true)).isZero();
        assertThat(idle(plan, false))
                .isBetween(LONG.multipliedBy(2), LONG.multipliedBy(2).plus(SLACK));
        execs.write(cat, 0, java.nio.ByteBuffer.allocate(0), true, PATIENCE);
        execs.awaitEnd(cat, PATIENCE);
        fakes.clock.moveOn(Duration.ofSeconds(1));
        await().untilAsserted(
                        () -> assertThat(idle(plan, true)).as("since its end").isLessThan(SLACK));
        assertThatThrownBy(() -> fakes.sandboxes.idleFor(fakes.ids.sandbox(), true))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void theIdleTimeOutlivesTheAgentAndStandsStillWhileItIsDown() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        fakes.clock.moveOn(Duration.ofMinutes(5));
        fakes.activity.save();
        fakes.clock.moveOn(Duration.ofHours(1));
        fakes = fakes.nextLife();
        fakes.recover();

        assertThat(idle(plan, true))
                .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(5).plus(SLACK));
        fakes.clock.moveOn(Duration.ofMinutes(1));
        assertThat(idle(plan, true))
                .isBetween(Duration.ofMinutes(6), Duration.ofMinutes(6).plus(SLACK));
    }

    @Test
    void whatASandboxUsesIsSampledAndForgottenWithIt() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        UsageSampler sampler = new UsageSampler(fakes.sandboxes, UsageSettings.DEFAULT, fakes.clock);
        Instant begun = fakes.clock.instant();
        for (int i = 0; i < 3; i++) {
            sampler.look();
            fakes.clock.moveOn(UsageSettings.DEFAULT.every());
        }
        UsageSeries series = sampler.series(plan.sandbox(), begun, Duration.ofSeconds(1));
        assertThat(series.samples())
                .hasSize(3)
                .allSatisfy(sample -> assertThat(sample.memoryBytes()).isPositive());
        assertThat(series.processes()).hasValue(1);
        assertThat(sampler.series(plan.sandbox(), begun.plusSeconds(6), Duration.ofSeconds(1))
                        .samples())
                .hasSize(1);
        fakes.sandboxes.stop(plan.sandbox(), 2);
        sampler.look();
        assertThatThrownBy(() -> sampler.series(plan.sandbox(), begun, LONG)).isInstanceOf(ProblemException.class);
    }

    private Duration idle(SandboxPlan plan, boolean processes) {
        return fakes.sandboxes.idleFor(plan.sandbox(), processes);
    }

    private ExecId run(SandboxPlan plan, String... argv) throws InterruptedException {
        ExecTable execs = fakes.sandboxes.execs(plan.sandbox());
        ExecId id = fakes.ids.exec();
        execs.start(id, command(argv));
        execs.awaitEnd(id, PATIENCE);
        await().until(() -> fakes.activity.news().take("", 0, 10).news().stream()
                .anyMatch(news -> news.type() == EventType.EXEC_ENDED));
        return id;
    }

    private static ExecSpec command(String... argv) {
        return ExecSpec.of(List.of(argv));
    }
}
