package dev.atoll.manager.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.atoll.model.context.RunError;
import dev.atoll.model.exec.StdStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelLinesTest {
    private static final int ROUNDS = 50_000;

    private static Optional<KernelLine> read(String line) {
        return KernelLines.read(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyKindOfLineIsRead() {
        assertThat(read("{\"type\":\"ready\"}")).contains(new KernelLine.Ready());
        assertThat(read("{\"type\":\"start\",\"run\":\"r\",\"execution_count\":3}"))
                .contains(new KernelLine.Started("r", 3));
        assertThat(
                        read(
                                "{\"type\":\"error\",\"run\":\"r\",\"name\":\"E\",\"value\":\"v\",\"traceback\":[\"a\",1,\"b\"]}"))
                .contains(new KernelLine.Failed("r", new RunError("E", "v", List.of("a", "b"))));
        assertThat(read("{\"type\":\"end\",\"run\":\"r\",\"status\":\"interrupted\"}"))
                .contains(new KernelLine.Ended("r", KernelLine.Status.INTERRUPTED));
        KernelLine.Output text = (KernelLine.Output)
                read("{\"type\":\"stdout\",\"run\":\"r\",\"text\":\"é\"}").orElseThrow();
        assertThat(text.bytes()).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
        KernelLine.Output binary = (KernelLine.Output)
                read("{\"type\":\"stderr\",\"run\":null,\"base64\":\"/wA=\"}").orElseThrow();
        assertThat(binary.stream()).isEqualTo(StdStream.STDERR);
        assertThat(binary.run()).isEmpty();
        assertThat(binary.bytes()).containsExactly(0xff, 0);
    }

    @Test
    void aResultKeepsWhatIsAMediaTypeAndText() {
        KernelLine.Shown shown = (KernelLine.Shown) read("{\"type\":\"result\",\"run\":\"r\",\"main\":true,\"data\":"
                        + "{\"text/plain\":\"x\",\"IMAGE/PNG\":\"eA==\",\"nonsense\":\"x\",\"a/b\":{},\"a/c\":1}}")
                .orElseThrow();
        assertThat(shown.result().main()).isTrue();
        assertThat(shown.result().data()).isEqualTo(Map.of("text/plain", "x", "image/png", "eA=="));
    }

    @Test
    void whatIsNoLineReadsAsNone() {
        for (String line : List.of(
                "",
                "x",
                "[]",
                "null",
                "{}",
                "{\"type\":1}",
                "{\"type\":\"end\",\"run\":\"r\",\"status\":\"fine\"}",
                "{\"type\":\"stdout\",\"run\":\"r\"}",
                "{\"type\":\"stdout\",\"run\":\"r\",\"base64\":\"%\"}",
                "{\"type\":\"result\",\"run\":\"r\",\"data\":[]}",
                "{\"type\":\"ready\"",
                "{\"type\":" + "[".repeat(100_000),
                "{\"type\":\"start\",\"execution_count\":" + "9".repeat(1_000) + "}")) {
            assertThat(read(line))
                    .as(line.substring(0, Math.min(60, line.length())))
                    .isEmpty();
        }
        assertThat(KernelLines.read(new byte[KernelLines.MAX_BYTES + 1])).isEmpty();
        assertThat(KernelLines.read(new byte[] {'{', (byte) 0xff, '}'})).isEmpty();
    }

    @Test
    void halfASurrogatePairIsReplaced() {
        KernelLine.Failed failed =
                (KernelLine.Failed) read("{\"type\":\"error\",\"name\":\"\\ud800x\",\"value\":\"\\ud83d\\ude00\"}")
                        .orElseThrow();
        assertThat(failed.error().name()).isEqualTo("\ufffdx");
        assertThat(failed.error().value()).isEqualTo("😀");
    }

    @Test
    void codeGoesOutOnOneLine() {
        String line = new String(KernelLines.run("crun_x", "a\n\"b\"\u2028"), StandardCharsets.UTF_8);
        assertThat(line).startsWith("\n{").endsWith("}\n");
        assertThat(line.strip().lines()).hasSize(1);
    }

    /** Damaged lines: any byte replaced, taken out, put in, or the end cut off. */
    @Test
    void damageNeverThrows() {
        Random random = new Random(7);
        byte[][] good = {
            bytes(
                    "{\"type\":\"result\",\"run\":\"crun_a\",\"main\":true,\"data\":{\"text/plain\":\"2\",\"a/b\":\"\\ud800\"}}"),
            bytes("{\"type\":\"error\",\"run\":\"r\",\"name\":\"E\",\"value\":\"v\",\"traceback\":[\"a\",\"b\"]}"),
            bytes("{\"type\":\"stdout\",\"run\":\"r\",\"base64\":\"/wA=\"}"),
            bytes("{\"type\":\"start\",\"run\":\"r\",\"execution_count\":12}"),
        };
        for (int i = 0; i < ROUNDS; i++) {
            byte[] line = good[random.nextInt(good.length)].clone();
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = random.nextInt(4) == 0 ? java.util.Arrays.copyOf(line, random.nextInt(line.length + 1)) : line;
            assertThatCode(() -> KernelLines.read(cut)).doesNotThrowAnyException();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
