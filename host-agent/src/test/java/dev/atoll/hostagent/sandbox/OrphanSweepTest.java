package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.hostagent.journal.JournalEntry;
import dev.atoll.hostagent.journal.SandboxJournal;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Death and failure at every step of making a sandbox. */
@Timeout(60)
class OrphanSweepTest {
    private static final int STEPS = 8;

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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aDeathAfterAnyStepIsSweptAndTheSandboxIsReported(int stepsMade) throws Exception {
        SandboxPlan plan = fakes.plan(4);
        List<Preparation.Step> steps = new SandboxMaking(plan, BoxId.random(new Random(3)), fakes.tools).steps();
        assertThat(steps).hasSize(STEPS);
        SandboxJournal journal = begin(plan, new BoxId("boxaaaaaaaaaaaaaaaaaaaa"));
        for (Preparation.Step step : steps.subList(0, stepsMade)) {
            journal.append(new JournalEntry.Making(step.name()));
            step.make().run();
        }
        if (stepsMade < STEPS) {
            journal.append(new JournalEntry.Making(steps.get(stepsMade).name()));
        }
        journal.close();

        OrphanSweep.Swept swept = fakes.sweep().sweep();
        assertThat(swept.sandboxes()).containsExactly(new OrphanSweep.Lost(plan.sandbox(), 4));
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.sweep().sweep()).isEqualTo(new OrphanSweep.Swept(List.of(), 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void aStepThatFailsHalfwayUnwindsAndEveryUndoMayRunTwice(int failing) throws Exception {
        SandboxPlan plan = fakes.plan(1);
        List<Preparation.Step> steps = new ArrayList<>();
        for (Preparation.Step step : new SandboxMaking(plan, BoxId.random(new Random(3)), fakes.tools).steps()) {
            boolean fails = steps.size() == failing;
            steps.add(new Preparation.Step(
                    step.name(),
                    () -> {
                        step.make().run();
                        if (fails) {
                            throw new IllegalStateException("scripted");
                        }
                    },
                    () -> {
                        step.undo().run();
                        step.undo().run();
                    }));
        }
        try (SandboxJournal journal = begin(plan, BoxId.random(new Random(3)))) {
            Preparation preparation =
                    new Preparation(plan.sandbox(), journal, fakes.tools.metrics(), fakes.tools.nanos());
            assertThatThrownBy(() -> preparation.make(steps, () -> false))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.SANDBOX_START_FAILED));
            assertThat(preparation.undo(step -> true)).isTrue();
            assertThat(preparation.undo(step -> true)).isTrue();
        }
        fakes.tools.journal().remove(plan.sandbox());
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.imageIsFree()).isTrue();
    }

    @Test
    void whatNoJournalNamesGoesAsWell() throws Exception {
        Files.createDirectories(fakes.tools.sandboxes().resolve("stranger/deep"));
        Files.writeString(fakes.tools.sandboxes().resolve("stranger/deep/file"), "x");
        BoxId box = BoxId.random(new Random(3));
        for (Preparation.Step step : new SandboxMaking(fakes.plan(1), box, fakes.tools).steps()) {
            step.make().run();
        }

        OrphanSweep.Swept swept = fakes.sweep().sweep();
        assertThat(swept.sandboxes()).isEmpty();
        assertThat(swept.boxes()).isEqualTo(1);
        assertThat(fakes.traces()).isEmpty();
    }

    @Test
    void aJournalThatDiedWithItsFirstEntryIsSweptToo() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.tools.journal().open(plan.sandbox()).close();

        assertThat(fakes.sweep().sweep().sandboxes()).containsExactly(new OrphanSweep.Lost(plan.sandbox(), 0));
        assertThat(fakes.traces()).isEmpty();
    }

    private SandboxJournal begin(SandboxPlan plan, BoxId box) {
        SandboxJournal journal = fakes.tools.journal().open(plan.sandbox());
        journal.append(new JournalEntry.Begun(plan, box, "boot", Instant.EPOCH));
        return journal;
    }
}
