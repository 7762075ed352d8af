package dev.atoll.manager.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.view.OutputView.Encoding;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a reader sees of output, over bytes in memory. */
class OutputViewTest {
    private static final int ROUNDS = 600;
    private static final String[] PIECES = {
        "plain",
        "é",
        "日本",
        "🙂",
        "\n",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\u001b[31m",
        "\u001b[0m",
        "\u001b]0;t\u0007",
        "x".repeat(90)
    };

    private static ViewRequest tokens(int tokens) {
        return request(tokens, true, OptionalInt.empty());
    }

    private static ViewRequest request(int tokens, boolean clean, OptionalInt tailLines) {
        return new ViewRequest(tokens, StreamChoice.ALL, clean, Optional.empty(), tailLines, OptionalLong.empty());
    }

    private static ViewRequest grep(String pattern, int tokens) {
        return new ViewRequest(
                tokens,
                StreamChoice.ALL,
                true,
                Optional.of(new LinePattern(pattern)),
                OptionalInt.empty(),
                OptionalLong.empty());
    }

    private static OutputView look(OutputBytes bytes, ViewRequest wanted, boolean failed) {
        return OutputViews.look(bytes, wanted, failed, bytes.first(), System::nanoTime);
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    @Test
    void shortOutputIsShownAsAWhole() {
        OutputView view = look(ArrayBytes.of("one\ntwo"), tokens(100), false);
        assertThat(view.text()).isEqualTo("one\ntwo");
        assertThat(view.encoding()).isEqualTo(Encoding.UTF_8);
        assertThat(view.truncated()).isFalse();
        assertThat(view.totalLines()).hasValue(2);
        assertThat(view.headEnd()).isEqualTo(7);
        assertThat(view.tailStart()).isEqualTo(7);
        assertThat(view.nextOffset()).isEqualTo(7);
        OutputView nothing = look(ArrayBytes.of(""), tokens(100), false);
        assertThat(nothing.text()).isEmpty();
        assertThat(nothing.totalLines()).hasValue(0);
    }

    @Test
    void longOutputShowsItsBeginningAndItsEndAndSaysWhatLiesBetween() {
        OutputView view = look(ArrayBytes.of(lines(0, 10_000)), tokens(1_000), false);
        assertThat(view.text())
                .startsWith("line 0\nline 1\n")
                .endsWith("line 9998\nline 9999\n")
                .contains("\n[... " + view.omittedBytes() + " bytes left out, from offset " + view.headEnd() + " to "
                        + view.tailStart() + " ...]\nline ");
        assertThat(view.truncated()).isTrue();
        assertThat(view.totalLines()).hasValue(10_000);
        int note = view.text().indexOf("[...");
        assertThat(note).isBetween(1_700, 2_000);
        OutputView failed = look(ArrayBytes.of(lines(0, 10_000)), tokens(1_000), true);
        assertThat(failed.text().indexOf("[...")).as("30 of 100").isBetween(1_000, 1_200);
    }

    @Test
    void theLastLinesAreShownWhenAskedFor() {
        OutputView view = look(ArrayBytes.of(lines(0, 1_000)), request(500, true, OptionalInt.of(3)), false);
        assertThat(view.text()).endsWith("...]\nline 997\nline 998\nline 999\n").startsWith("[... ");
        assertThat(view.headEnd()).isZero();
        OutputView all = look(ArrayBytes.of(lines(0, 3)), request(500, true, OptionalInt.of(5)), false);
        assertThat(all.text()).isEqualTo(lines(0, 3));
        assertThat(all.truncated()).isFalse();
    }

    @Test
    void bytesThatAreNoTextAreOnlyDescribed() {
        byte[] bytes = new byte[5_000];
        new Random(4).nextBytes(bytes);
        OutputView view = look(new ArrayBytes(bytes), tokens(100), false);
        assertThat(view.encoding()).isEqualTo(Encoding.BINARY);
        assertThat(view.text())
                .startsWith("binary output, 5000 bytes, sha256 " + view.sha256().orElseThrow());
        assertThat(view.omittedBytes()).isEqualTo(5_000);
        byte[] latin = "caf\u00e9 au lait\n".getBytes(StandardCharsets.ISO_8859_1);
        OutputView replaced = look(new ArrayBytes(latin), tokens(100), false);
        assertThat(replaced.encoding()).isEqualTo(Encoding.UTF_8_REPLACED);
        assertThat(replaced.text()).isEqualTo("caf\ufffd au lait\n");
    }

    @Test
    void noViewCutsACharacterOrMiscounts() {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            int pieces = random.nextInt(400);
            boolean manyLines = random.nextBoolean();
            for (int i = 0; i < pieces; i++) {
                text.append(PIECES[random.nextInt(manyLines ? PIECES.length : 4)]);
            }
            ArrayBytes bytes = ArrayBytes.of(text.toString());
            boolean clean = random.nextBoolean();
            OptionalInt tail = random.nextInt(4) == 0 ? OptionalInt.of(1 + random.nextInt(9)) : OptionalInt.empty();
            ViewRequest wanted = request(100 + random.nextInt(200), clean, tail);
            OutputView view = look(bytes, wanted, random.nextBoolean());
            check(round, bytes, wanted, view);
        }
    }

    private static void check(int round, ArrayBytes bytes, ViewRequest wanted, OutputView view) {
        assertThat(view.encoding()).as("round %d", round).isEqualTo(Encoding.UTF_8);
        assertThat(view.text()).as("round %d", round).doesNotContain("\ufffd");
        assertThat(view.text().getBytes(StandardCharsets.UTF_8).length)
                .as("round %d", round)
                .isLessThanOrEqualTo(wanted.maxBytes());
        assertThat(view.firstOffset()).isLessThanOrEqualTo(view.headEnd());
        assertThat(view.headEnd()).as("round %d", round).isLessThanOrEqualTo(view.tailStart());
        assertThat(view.tailStart()).isLessThanOrEqualTo(view.nextOffset());
        assertThat(view.nextOffset()).isEqualTo(bytes.end()).isEqualTo(view.totalBytes());
        assertThat(view.omittedBytes()).isEqualTo(view.tailStart() - view.headEnd());
        assertThat(view.truncated()).isEqualTo(view.omittedBytes() > 0);
        String head = part(bytes, view.firstOffset(), view.headEnd(), wanted.clean());
        String tail = part(bytes, view.tailStart(), view.nextOffset(), wanted.clean());
        String between = view.truncated()
                ? (head.isEmpty() || head.endsWith("\n") ? "" : "\n")
                        + OutputLook.note(view.headEnd(), view.tailStart())
                : "";
        assertThat(view.text()).as("round %d: what its offsets name", round).isEqualTo(head + between + tail);
    }

    /** The raw bytes between two offsets, which have to be whole characters, as they are shown. */
    private static String part(ArrayBytes bytes, long from, long to, boolean clean) {
        byte[] raw = bytes.read(from, to);
        assertThat(TextSample.isUtf8(raw, raw.length)).isTrue();
        TextBytes text = new TextBytes();
        int start = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '\n') {
                new CleanLine(raw, start, i, clean).appendTo(text);
                text.lineFeed();
                start = i + 1;
            }
        }
        new CleanLine(raw, start, raw.length, clean).appendTo(text);
        return new String(text.array(), 0, text.length(), StandardCharsets.UTF_8);
    }

    @Test
    void aLargeLogIsNotReadAsAWhole() {
        byte[] large = new byte[200 << 20];
        Arrays.fill(large, (byte) 'x');
        for (int i = 99; i < large.length; i += 100) {
            large[i] = '\n';
        }
        ArrayBytes bytes = new ArrayBytes(large);
        OutputView view = look(bytes, tokens(8_000), true);
        assertThat(view.totalLines()).isEmpty();
        assertThat(view.text().length()).isBetween(31_000, 32_000);
        assertThat(bytes.largest).isLessThanOrEqualTo(64 << 10);
        assertThat(bytes.read).isLessThan(1 << 20);
    }

    @Test
    void oneEndlessLineIsCutAtBothEnds() {
        ArrayBytes bytes = ArrayBytes.of("é".repeat(10 << 20));
        OutputView view = look(bytes, tokens(100), false);
        assertThat(view.text()).startsWith("éé").endsWith("éé").contains("\n[... ");
        assertThat(bytes.largest).isLessThanOrEqualTo(HeadPart.MAX_WINDOW);
        OutputView progress = look(ArrayBytes.of("start\n" + "10%\r".repeat(5 << 20) + "done\n"), tokens(100), false);
        assertThat(progress.text()).startsWith("start\n").endsWith("done\n");
    }

    @Test
    void linesThatMatchAreFoundAndCounted() {
        ArrayBytes bytes = ArrayBytes.of(lines(0, 10_000));
        OutputView some = look(bytes, grep("^line [0-9]*77$", 500), false);
        assertThat(some.matchedLines()).hasValue(100);
        assertThat(some.text()).startsWith("line 77\nline 177\n").endsWith("line 9977\n");
        assertThat(some.truncated()).isFalse();
        OutputView many = look(bytes, grep("9", 200), false);
        assertThat(many.truncated()).isTrue();
        assertThat(many.text().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(800);
        assertThat(many.text()).contains("matching lines left out, from offset " + many.headEnd());
        OutputView coloured = look(ArrayBytes.of("\u001b[31mer\u001b[0mror\nfine\n"), grep("^error$", 100), false);
        assertThat(coloured.text()).isEqualTo("error\n");
        OutputView none = look(bytes, grep("nothing", 100), false);
        assertThat(none.text()).isEmpty();
        assertThat(none.matchedLines()).hasValue(0);
    }

    @Test
    void longLinesAreFoundWherePiecesMeet() {
        String text = "a".repeat(300_000) + "\nneedle\n" + "b".repeat(600_000) + "needle\nneedle end";
        OutputView view = look(ArrayBytes.of(text), grep("needle", 200), false);
        assertThat(view.matchedLines())
                .as("deep within a long line it is not looked for")
                .hasValue(2);
        assertThat(view.text()).isEqualTo("needle\nneedle end\n");
        OutputView cut = look(ArrayBytes.of("x".repeat(100_000)), grep("x", 100), false);
        assertThat(cut.text().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(400);
    }

    @Test
    void aHostilePatternIsRefusedOrHarmless() {
        for (String pattern : new String[] {
            "", "(", "(a{1000}){1000}", "((a{100}){100}){100}", "x".repeat(501), "(?=a)b", "(a)\\1", "[[:word:]-"
        }) {
            assertThatThrownBy(() -> new LinePattern(pattern)).isInstanceOf(ProblemException.class);
        }
        OutputView view = look(ArrayBytes.of("a".repeat(16_000) + "!\n"), grep("(a*)*(a|a)*(a+)+$", 100), false);
        assertThat(view.matchedLines()).hasValue(0);
    }

    @Test
    void aSearchThatTakesTooLongStopsAtALineAndSaysWhere() {
        long[] time = {0};
        ArrayBytes bytes = ArrayBytes.of(lines(0, 100_000));
        OutputView view = OutputViews.look(bytes, grep("line", 100), false, 0, () -> time[0] += 1_000_000L);
        assertThat(view.nextOffset()).isLessThan(bytes.end());
        assertThat(view.truncated()).isTrue();
        assertThat(bytes.read(view.nextOffset() - 1, view.nextOffset())).containsExactly('\n');
    }
}
