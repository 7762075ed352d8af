package dev.atoll.manager.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunEndReason;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.id.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunFoldTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    private final Ids ids = new Ids(new Random(1));

    private ContextRun run(long offset) {
        return new ContextRun(
                ids.contextRun(),
                ids.context(),
                ids.sandbox(),
                ids.exec(),
                offset,
                0,
                Optional.of(Duration.ofSeconds(10)),
                "00",
                THEN);
    }

    private static String line(ContextRun run, String type, String rest) {
        return "{\"type\":\"" + type + "\",\"run\":\"" + run.id() + "\"" + rest + "}\n";
    }

    private static String whole(ContextRun run) {
        return "noise\n" + line(run, "start", ",\"execution_count\":2") + line(run, "stdout", ",\"text\":\"é\"")
                + "{\"type\":\"stdout\",\"run\":null,\"text\":\"late\"}\n{\"type\":\"end\",\"run\":\"other\",\"status\":\"ok\"}\n"
                + line(run, "stderr", ",\"base64\":\"/w==\"")
                + line(run, "result", ",\"main\":true,\"data\":{\"text/plain\":\"2\"}")
                + line(run, "end", ",\"status\":\"ok\"") + line(run, "stdout", ",\"text\":\"after its end\"");
    }

    private static OutputFrame frame(byte[] bytes, Instant when) {
        return new OutputFrame(StdStream.STDOUT, 0, when, bytes);
    }

    @Test
    void theOutcomeIsTheSameHoweverTheOutputIsCut() {
        ContextRun run = run(0);
        byte[] output = whole(run).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            RunFold fold = new RunFold(run);
            for (int at = 0; at < output.length; ) {
                int to = Math.min(output.length, at + 1 + random.nextInt(40));
                fold.take(frame(Arrays.copyOfRange(output, at, to), THEN));
                at = to;
            }
            RunOutcome outcome = fold.outcome();
            assertThat(outcome.reason()).contains(RunEndReason.COMPLETED);
            assertThat(outcome.executionCount()).hasValue(2);
            assertThat(outcome.stdout().bytes()).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
            assertThat(outcome.stderr().bytes()).containsExactly(0xff);
            assertThat(outcome.results()).hasSize(1);
            assertThat(outcome.outputLost()).isFalse();
        }
    }

    @Test
    void aRunThatBeginsWithinALineBeginsAfterIt() {
        ContextRun run = run(100);
        RunFold fold = new RunFold(run);
        fold.take(frame("t\":\"the rest of a line\"}\n".getBytes(StandardCharsets.UTF_8), THEN));
        assertThat(fold.hasStarted()).isFalse();
        fold.take(frame(line(run, "start", ",\"execution_count\":1").getBytes(StandardCharsets.UTF_8), THEN));
        assertThat(fold.hasStarted()).isTrue();
    }

    @Test
    void whatIsHeldIsBounded() {
        ContextRun run = run(0);
        RunFold fold = new RunFold(run);
        byte[] text =
                line(run, "stdout", ",\"text\":\"" + "x".repeat(100_000) + "\"").getBytes(StandardCharsets.UTF_8);
        byte[] result = line(run, "result", ",\"data\":{\"text/plain\":\"" + "y".repeat(1 << 20) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            fold.take(frame(text, THEN));
            fold.take(frame(result, THEN));
        }
        byte[] endless = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            fold.take(frame(endless, THEN));
        }
        fold.take(frame(("\n" + line(run, "end", ",\"status\":\"ok\"")).getBytes(StandardCharsets.UTF_8), THEN));
        RunOutcome outcome = fold.outcome();
        assertThat(outcome.stdout().bytes()).hasSize(RunFold.MAX_TEXT);
        assertThat(outcome.stdout().total()).isEqualTo(2_000_000);
        assertThat(outcome.stdout().truncated()).isTrue();
        assertThat(outcome.results()).hasSize(8);
        assertThat(outcome.resultsTruncated()).isTrue();
        assertThat(outcome.ended()).isTrue();
    }

    @Test
    void anInterruptAfterTheDeadlineIsTheDeadlines() {
        ContextRun run = run(0);
        for (Instant when : List.of(THEN.plusSeconds(9), THEN.plusSeconds(10))) {
            RunFold fold = new RunFold(run);
            fold.take(frame(line(run, "end", ",\"status\":\"interrupted\"").getBytes(StandardCharsets.UTF_8), when));
            assertThat(fold.outcome().reason())
                    .contains(
                            when.isBefore(run.deadline().orElseThrow())
                                    ? RunEndReason.INTERRUPTED
                                    : RunEndReason.TIMEOUT);
        }
    }

    @Test
    void aLineKnowsWhereItEnds() {
        List<Integer> ends = new ArrayList<>();
        LineSplitter lines = new LineSplitter(false);
        lines.take("a\nbc\nd".getBytes(StandardCharsets.UTF_8), (_, end) -> ends.add(end));
        lines.take("e\n".getBytes(StandardCharsets.UTF_8), (line, end) -> {
            assertThat(new String(line, StandardCharsets.UTF_8)).isEqualTo("de");
            ends.add(end);
        });
        assertThat(ends).containsExactly(2, 5, 2);
    }

    @Test
    void aDescriptorIsACommandLine() {
        assertThat(KernelDescriptor.parse("{\"protocol\":1,\"argv\":[\"a\",\"b\"],\"more\":{}}"))
                .contains(new KernelDescriptor(List.of("a", "b")));
        for (String broken : List.of(
                "",
                "x",
                "{}",
                "[]",
                "{\"protocol\":2,\"argv\":[\"a\"]}",
                "{\"protocol\":1,\"argv\":[]}",
                "{\"protocol\":1,\"argv\":[1]}",
                "{\"protocol\":1,\"argv\":\"a\"}",
                "{\"protocol\":1,\"argv\":[\"a\\u0000\"]}")) {
            assertThat(KernelDescriptor.parse(broken)).as(broken).isEmpty();
        }
    }
}
