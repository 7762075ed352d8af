package dev.atoll.api.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.ContractClient;
import dev.atoll.api.http.AnswerBuffers;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two forms of followed output, byte by byte. */
class StreamFormsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00.123456Z");
    private static final OutputPage PAGE = new OutputPage(
            List.of(
                    new OutputFrame(StdStream.STDOUT, 10, TIME, "a\nb".getBytes(StandardCharsets.UTF_8)),
                    new OutputFrame(StdStream.STDERR, 13, TIME, new byte[] {(byte) 0xff})),
            14,
            false);
    private static final Exec ENDED = new Exec(
            new ExecId("ex_" + "a".repeat(20)),
            new SandboxId("sbx_" + "b".repeat(20)),
            ExecSpec.of("true"),
            TIME,
            Optional.of(new ExecEnd(
                    ExecEndReason.SIGNALED,
                    OptionalInt.empty(),
                    OptionalInt.of(9),
                    Optional.empty(),
                    TIME.plusMillis(5),
                    3,
                    4)),
            new OutputState(13, 1, 0),
            0,
            true);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void eventsCarryTheOffsetToResumeAt() throws IOException {
        EventStream stream = new EventStream(out, "req-1");
        stream.page(PAGE);
        stream.keepAlive();
        stream.end(ENDED);
        String[] parts = out.toString(StandardCharsets.UTF_8).split("\n\n");
        assertThat(parts[0])
                .startsWith("id: 13\nevent: output\ndata: {\"stream\":\"stdout\",\"offset\":10,")
                .endsWith("\"base64\":null}");
        assertThat(parts[1]).startsWith("id: 14\nevent: output\n").contains("\"base64\":\"/w==\"");
        assertThat(parts[2]).isEqualTo(": keep-alive");
        assertThat(parts[3]).startsWith("event: end\ndata: {").contains("\"signal\":\"SIGKILL\"");
        JsonNode exec = JSON.readTree(parts[3].substring(parts[3].indexOf('{')));
        JsonNode schema = ContractClient.contract().document().root().at("/components/schemas/Exec");
        assertThat(ContractClient.contract().violations("end", schema, exec)).isEmpty();
        assertThat(exec.get("wall_ms").asInt()).isEqualTo(5);
    }

    @Test
    void aStreamThatBreaksSaysWhy() throws IOException {
        new EventStream(out, "req-1").broken(Problem.of(ProblemCode.HOST_UNAVAILABLE, "Gone."));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("event: error\ndata: {")
                .contains("\"code\":\"host_unavailable\"")
                .contains("\"request_id\":\"req-1\"");
    }

    @Test
    void framesHaveAHeaderOfSixteenBytes() throws IOException {
        FrameStream stream = new FrameStream(out, "req-1", new AnswerBuffers());
        stream.page(PAGE);
        stream.keepAlive();
        stream.end(ENDED);
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        assertThat(frame(bytes, FrameStream.STDOUT, 10)).isEqualTo("a\nb");
        assertThat(frame(bytes, FrameStream.STDERR, 13)).isEqualTo("ÿ");
        assertThat(frame(bytes, FrameStream.KEEP_ALIVE, 14)).isEmpty();
        assertThat(JSON.readTree(frame(bytes, FrameStream.END, 14)).get("state").asString())
                .isEqualTo("ended");
        assertThat(bytes.hasRemaining()).isFalse();
    }

    private static String frame(ByteBuffer bytes, int kind, long offset) {
        assertThat(bytes.get() & 0xff).isEqualTo(kind);
        assertThat(bytes.get()).isZero();
        assertThat(bytes.getShort()).isZero();
        byte[] body = new byte[bytes.getInt()];
        assertThat(bytes.getLong()).isEqualTo(offset);
        bytes.get(body);
        return new String(body, StandardCharsets.ISO_8859_1);
    }
}
