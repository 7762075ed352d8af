package dev.atoll.manager.file;

import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.TextPlaces;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * An exact replacement in a text.
 *
 * <p>It works on bytes: text that is UTF-8 never matches within a character of other text that is, and what does not match stays as it is,
 * whatever it is. In a file all of whose lines end in CRLF, plain line feeds of both texts mean CRLF, because people and models show such a
 * file without its carriage returns.
 *
 * @param oldText what is there now; not empty
 * @param newText what is there then
 * @param all replace every match, however many there are
 * @param expected how many matches there have to be; 1 when nothing is said and not {@code all}
 */
public record TextEdit(String oldText, String newText, boolean all, OptionalLong expected) {
    /** Places told when a text is there too often or too rarely. */
    static final int MAX_PLACES = 5;

    public TextEdit {
        if (oldText.isEmpty()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "'old_string' is empty.",
                            "Send the text to be replaced; write a new file with PUT.")
                    .asException();
        }
        if (oldText.equals(newText)) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "'old_string' and 'new_string' are the same.",
                            "Send what is to be there instead.")
                    .asException();
        }
    }

    /** The text afterwards and how many places were changed. */
    @SuppressWarnings("ArrayRecordComponent") // made here, written once, never compared
    record Edited(byte[] bytes, int replaced) {}

    /** Throws {@code edit_no_match} or {@code edit_ambiguous}, each with the lines in question. */
    Edited apply(FilePath path, byte[] text) {
        boolean crlf = hasOnlyCrlf(text);
        byte[] from = inLinesOf(crlf, oldText);
        byte[] to = inLinesOf(crlf, newText);
        List<Integer> matches = matches(text, from);
        if (matches.isEmpty()) {
            throw noMatch(path, text);
        }
        boolean right = expected.isPresent() ? expected.getAsLong() == matches.size() : all || matches.size() == 1;
        if (!right) {
            throw ambiguous(path, text, matches);
        }
        ByteArrayOutputStream edited =
                new ByteArrayOutputStream(text.length + matches.size() * Math.max(0, to.length - from.length));
        int done = 0;
        for (int match : matches) {
            edited.write(text, done, match - done);
            edited.writeBytes(to);
            done = match + from.length;
        }
        edited.write(text, done, text.length - done);
        return new Edited(edited.toByteArray(), matches.size());
    }

    private static boolean hasOnlyCrlf(byte[] text) {
        boolean any = false;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                if (i == 0 || text[i - 1] != '\r') {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    private static byte[] inLinesOf(boolean crlf, String text) {
        String ended = crlf && !text.contains("\r") ? text.replace("\n", "\r\n") : text;
        return ended.getBytes(StandardCharsets.UTF_8);
    }

    /** Where {@code wanted} begins, without overlaps. */
    private static List<Integer> matches(byte[] text, byte[] wanted) {
        List<Integer> matches = new ArrayList<>();
        int last = text.length - wanted.length;
        for (int at = 0; at <= last; at++) {
            if (text[at] == wanted[0] && matchesAt(text, at, wanted)) {
                matches.add(at);
                at += wanted.length - 1;
            }
        }
        return matches;
    }

    private static boolean matchesAt(byte[] text, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (text[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private ProblemException noMatch(FilePath path, byte[] text) {
        List<TextPlaces.Line> near = LikeLines.of(text, oldText, MAX_PLACES);
        String hint = near.isEmpty()
                ? "Nothing in the file is like it; read the file again."
                : "The lines most like it are in 'lines'; copy the text exactly, spaces and tabs included.";
        return Problem.of(
                        ProblemCode.EDIT_NO_MATCH,
                        FileProblems.shown(path) + " does not hold 'old_string'" + nearest(near) + ".",
                        hint)
                .withPlaces(new TextPlaces(0, near))
                .asException();
    }

    private static String nearest(List<TextPlaces.Line> near) {
        return near.isEmpty() ? "" : "; the nearest line is " + near.getFirst().line();
    }

    private ProblemException ambiguous(FilePath path, byte[] text, List<Integer> matches) {
        long wanted = expected.orElse(1);
        List<TextPlaces.Line> places = new ArrayList<>();
        int line = 1;
        int at = 0;
        for (int match : matches.subList(0, Math.min(matches.size(), MAX_PLACES))) {
            for (; at < match; at++) {
                line += text[at] == '\n' ? 1 : 0;
            }
            places.add(new TextPlaces.Line(line, LikeLines.lineAt(text, match)));
        }
        return Problem.of(
                        ProblemCode.EDIT_AMBIGUOUS,
                        FileProblems.shown(path) + " holds 'old_string' " + matches.size() + " times, not " + wanted
                                + ".",
                        "Send more of the text around it, the right 'expected_count', or 'replace_all'.")
                .withPlaces(new TextPlaces(matches.size(), places))
                .asException();
    }
}
