package dev.atoll.manager.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.view.LinePattern;
import dev.atoll.manager.view.OutputView;
import dev.atoll.manager.view.ViewRequest;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.Ids;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept of runs is read as it was written. */
class RunDocumentsTest {
    private final Ids ids = new Ids(new Random(1));

    static RunSpec spec(ExecSpec exec, byte[] stdin) {
        SandboxSpec sandbox = new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.DEFAULT,
                Duration.ofHours(1),
                Map.of("B", "2", "A", "\u0000x".substring(1)),
                Map.of("l", "v"),
                true);
        ViewRequest view = new ViewRequest(
                500,
                StreamChoice.STDERR,
                false,
                Optional.of(new LinePattern("a+b")),
                OptionalInt.of(3),
                OptionalLong.empty());
        RunFile file = new RunFile("a/ü", new byte[] {0, 1, (byte) 0xff}, OptionalInt.of(0755));
        return new RunSpec(sandbox, List.of(file), exec, stdin, List.of("/tmp/*.png"), Optional.of(view));
    }

    @Test
    void aRequestIsReadAsItWasWritten() {
        RunSpec spec = spec(ExecSpec.of("cat").withEnv(Map.of("X", "y")), new byte[] {1, 2, 0});
        String text = RunDocuments.write(spec);
        RunSpec read = RunDocuments.read(text, RunSpec.class).orElseThrow();
        assertThat(RunDocuments.write(read)).isEqualTo(text);
        assertThat(read.exec()).isEqualTo(spec.exec());
        assertThat(read.exec().stdin()).isTrue();
        assertThat(read.exec().timeout()).contains(RunSpec.DEFAULT_TIMEOUT);
        assertThat(read.sandbox()).isEqualTo(spec.sandbox());
        assertThat(read.view()).isEqualTo(spec.view());
        assertThat(read.stdin()).containsExactly(1, 2, 0);
        assertThat(read.files().getFirst().content()).containsExactly(0, 1, 0xff);
        assertThat(text).doesNotContain("\u0000");
        assertThat(RunDocuments.read("{\"nonsense\":[]}", RunSpec.class)).isEmpty();
        assertThat(RunDocuments.read("", RunSpec.class)).isEmpty();
    }

    @Test
    void anOutcomeIsReadAsItWasWritten() {
        Instant now = Instant.parse("2026-11-22T10:00:00.123456Z");
        ExecEnd end = new ExecEnd(
                ExecEndReason.SIGNALED, OptionalInt.empty(), OptionalInt.of(9), Optional.empty(), now, 5, 1 << 20);
        Exec exec = new Exec(
                ids.exec(),
                ids.sandbox(),
                ExecSpec.of("true"),
                now,
                Optional.of(end),
                new OutputState(3, 4, 1),
                0,
                true);
        OutputView view = new OutputView(
                "text",
                OutputView.Encoding.BINARY,
                true,
                9,
                OptionalLong.of(2),
                0,
                1,
                2,
                3,
                9,
                OptionalLong.empty(),
                Optional.of("ab"));
        Problem problem = Problem.of(ProblemCode.CAPACITY, "Full.", "Wait.").withNext("GET /x");
        RunOutcome outcome = new RunOutcome(
                Optional.of(problem),
                Optional.of(exec),
                new byte[] {(byte) 0xff},
                new byte[0],
                Optional.of(view),
                List.of(CollectedFile.missing("/x", 7, problem)),
                new RunTimings(1, 2, 3, 4),
                now,
                true);
        String text = RunDocuments.write(outcome);
        RunOutcome read = RunDocuments.read(text, RunOutcome.class).orElseThrow();
        assertThat(RunDocuments.write(read)).isEqualTo(text);
        assertThat(read.exec()).contains(exec);
        assertThat(read.problem()).contains(problem);
        assertThat(read.view()).contains(view);
        assertThat(read.timings()).isEqualTo(outcome.timings());
        assertThat(read.endedAt()).isEqualTo(now);
        assertThat(read.canceled()).isTrue();
        String older = text.replace(",\"canceled\":true", "");
        assertThat(older).isNotEqualTo(text);
        assertThat(RunDocuments.read(older, RunOutcome.class).orElseThrow().canceled())
                .as("of a version that knew no cancel")
                .isFalse();
    }
}
