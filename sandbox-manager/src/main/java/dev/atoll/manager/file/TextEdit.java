package dev.atoll.manager.file;

import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.TextPlaces;
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

    /**
     * Throws {@code edit_no_match} or {@code edit_ambiguous}, each with the lines in question, and {@code file_too_large} when the text
     * afterwards would have more than {@link Edits#MAX_BYTES}.
     */
    Edited apply(FilePath path, byte[] text) {
        boolean crlf = hasOnlyCrlf(text);
        byte[] from = inLinesOf(crlf, oldText);
        byte[] to = inLinesOf(crlf, newText);
        int matches = count(text, from);
        if (matches == 0) {
            throw noMatch(path, text);
        }
        boolean right = expected.isPresent() ? expected.getAsLong() == matches : all || matches == 1;
        if (!right) {
            throw ambiguous(path, text, from, matches);
        }
        // Known before anything is made of it: a million places and a long text are more than an array holds.
        long size = text.length + (long) matches * (to.length - from.length);
        if (size > Edits.MAX_BYTES) {
            throw FileProblems.tooLarge(path, size, Edits.MAX_BYTES, "Write it with PUT instead.");
        }
        return new Edited(replaced(text, from, to, (int) size), matches);
    }

    private static byte[] replaced(byte[] text, byte[] from, byte[] to, int size) {
        byte[] edited = new byte[size];
        int done = 0;
        int end = 0;
        for (int match = next(text, from, 0); match >= 0; match = next(text, from, done)) {
            System.arraycopy(text, done, edited, end, match - done);
            end += match - done;
            System.arraycopy(to, 0, edited, end, to.length);
            end += to.length;
            done = match + from.length;
        }
        System.arraycopy(text, done, edited, end, text.length - done);
        return edited;
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

    /** How often {@code wanted} is there, without overlaps. */
    private static int count(byte[] text, byte[] wanted) {
        int count = 0;
        for (int at = next(text, wanted, 0); at >= 0; at = next(text, wanted, at + wanted.length)) {
            count++;
        }
        return count;
    }

    /** Where {@code wanted} begins at {@code from} or behind it; -1 for nowhere. */
    private static int next(byte[] text, byte[] wanted, int from) {
        int last = text.length - wanted.length;
        for (int at = from; at <= last; at++) {
            if (text[at] == wanted[0] && matchesAt(text, at, wanted)) {
                return at;
            }
        }
        return -1;
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

    private ProblemException ambiguous(FilePath path, byte[] text, byte[] from, int matches) {
        long wanted = expected.orElse(1);
        List<TextPlaces.Line> places = new ArrayList<>();
        int line = 1;
        int at = 0;
        int match = next(text, from, 0);
        while (match >= 0 && places.size() < MAX_PLACES) {
            for (; at < match; at++) {
                line += text[at] == '\n' ? 1 : 0;
            }
            places.add(new TextPlaces.Line(line, LikeLines.lineAt(text, match)));
            match = next(text, from, match + from.length);
        }
        return Problem.of(
                        ProblemCode.EDIT_AMBIGUOUS,
                        FileProblems.shown(path) + " holds 'old_string' " + matches + " times, not " + wanted + ".",
                        "Send more of the text around it, the right 'expected_count', or 'replace_all'.")
                .withPlaces(new TextPlaces(matches, places))
                .asException();
    }
}
