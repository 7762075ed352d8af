package dev.atoll.manager.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.TextPlaces;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TextEditTest {
    private static final FilePath PATH = FilePath.of("/src/a.py");

    private static String edited(String text, String from, String to) {
        return edited(text, new TextEdit(from, to, false, OptionalLong.empty()));
    }

    private static String edited(String text, TextEdit edit) {
        byte[] bytes = edit.apply(PATH, text.getBytes(StandardCharsets.UTF_8)).bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Problem problem(String text, TextEdit edit) {
        try {
            edited(text, edit);
        } catch (ProblemException e) {
            return e.problem();
        }
        throw new AssertionError("no problem");
    }

    private static Problem problem(String text, String from) {
        return problem(text, new TextEdit(from, "new", false, OptionalLong.empty()));
    }

    @Test
    void replacesExactlyWhatIsThere() {
        assertThat(edited("a b c", "b", "")).isEqualTo("a  c");
        assertThat(edited("größe = 1", "ö", "oe")).isEqualTo("groeße = 1");
        assertThat(edited("aaaa", new TextEdit("aa", "b", true, OptionalLong.empty())))
                .isEqualTo("bb");
        assertThat(edited("aaa", new TextEdit("a", "b", false, OptionalLong.of(3))))
                .isEqualTo("bbb");
        assertThat(edited("x\n", "x\n", "x\n\n")).isEqualTo("x\n\n");
    }

    /** 200,000 places times a megabyte are more than an array, and more than a long way over the limit. */
    @Test
    void anEditThatGrowsBeyondTheLimitIsRefusedBeforeItIsMade() {
        Problem problem =
                problem("a".repeat(200_000), new TextEdit("a", "b".repeat(1_000_000), true, OptionalLong.empty()));
        assertThat(problem.code()).isEqualTo(ProblemCode.FILE_TOO_LARGE);
        assertThat(problem.detail()).contains("200000000000 bytes");
        assertThat(edited("a".repeat(1 << 20), new TextEdit("a", "bc", true, OptionalLong.empty())))
                .isEqualTo("bc".repeat(1 << 20));
    }

    @Test
    void bytesAroundAMatchStayWhateverTheyAre() {
        byte[] text = {(byte) 0xff, 'a', 0, (byte) 0xc3};
        byte[] after = new TextEdit("a", "bc", false, OptionalLong.empty())
                .apply(PATH, text)
                .bytes();
        assertThat(after).containsExactly(0xff, 'b', 'c', 0, 0xc3);
    }

    @Test
    void aFileOfCrlfKeepsItsLineEnds() {
        assertThat(edited("a\r\nb\r\nc\r\n", "a\nb\n", "1\n2\n3\n")).isEqualTo("1\r\n2\r\n3\r\nc\r\n");
        assertThat(edited("a\r\nb\r\n", "a\r\nb", "x\r\ny")).isEqualTo("x\r\ny\r\n");
        assertThat(edited("a\r\nb\nc\n", "b\nc", "x\ny"))
                .as("mixed line ends mean what they are")
                .isEqualTo("a\r\nx\ny\n");
    }

    @Test
    void whatIsNowhereIsToldWithTheLinesMostLikeIt() {
        String text = "import os\n\ndef main(args):\n\treturn run(args)\n\ndef other():\n    pass\n";
        Problem spaces = problem(text, "    return run(args)");
        assertThat(spaces.code().code()).isEqualTo("edit_no_match");
        assertThat(spaces.detail()).contains("/src/a.py", "nearest line is 4");
        assertThat(spaces.places().orElseThrow().lines().getFirst())
                .isEqualTo(new TextPlaces.Line(4, "\treturn run(args)"));
        Problem spelling = problem(text, "def mian(args):\n    pass");
        assertThat(spelling.places().orElseThrow().lines().getFirst().line()).isEqualTo(3);
        assertThat(problem(text, "something else entirely, with no likeness")
                        .places()
                        .orElseThrow()
                        .lines())
                .isEmpty();
    }

    @Test
    void whatIsThereTooOftenIsToldWithItsPlaces() {
        Problem twice = problem("a = 1\nb = 2\na = 1\n", "a = 1");
        assertThat(twice.code().code()).isEqualTo("edit_ambiguous");
        assertThat(twice.places().orElseThrow())
                .isEqualTo(new TextPlaces(
                        2, Arrays.asList(new TextPlaces.Line(1, "a = 1"), new TextPlaces.Line(3, "a = 1"))));
        Problem rarer = problem("a", new TextEdit("a", "b", false, OptionalLong.of(2)));
        assertThat(rarer.detail()).contains("1 times, not 2");
        assertThat(problem("x\n".repeat(100), "x").places().orElseThrow().lines())
                .hasSize(TextEdit.MAX_PLACES);
    }

    @Test
    void longLinesAreCutBetweenCharacters() {
        String line = "x".repeat(LikeLines.SHOWN_CHARACTERS - 1) + "😀 tail";
        assertThat(LikeLines.lineAt(line.getBytes(StandardCharsets.UTF_8), 0))
                .isEqualTo("x".repeat(LikeLines.SHOWN_CHARACTERS - 1) + "…");
    }

    @Test
    void refusesWhatSaysNothing() {
        assertThatThrownBy(() -> new TextEdit("", "x", false, OptionalLong.empty()))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> new TextEdit("x", "x", false, OptionalLong.empty()))
                .isInstanceOf(ProblemException.class);
    }
}
