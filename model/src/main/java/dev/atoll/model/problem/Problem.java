package dev.atoll.model.problem;

import java.util.Objects;
import java.util.Optional;

/**
 * What went wrong, for the one who asked: a stable code, what was wrong this time, what to do about it, and the next call to make when
 * there is an obvious one. Texts never hold secrets, stack traces or host paths a tenant has no business with.
 *
 * @param code the stable code
 * @param detail what was wrong this time, one or two sentences
 * @param hint what to do, or empty
 * @param next a concrete call that helps, for instance {@code GET /v1/images}, or empty
 * @param places where in a text it is, when it is about a text
 */
public record Problem(ProblemCode code, String detail, String hint, String next, Optional<TextPlaces> places) {
    /** Longest text kept, in characters; longer ones are cut so that no tenant's input can blow up a log line or an answer. */
    public static final int MAX_TEXT = 2_000;

    /** Of the hint and of the next call: with every quote escaped, a problem stays below the 11,000 characters that agents are shown. */
    public static final int MAX_ADVICE = 1_000;

    public Problem {
        Objects.requireNonNull(code);
        detail = cut(detail, MAX_TEXT);
        hint = cut(hint, MAX_ADVICE);
        next = cut(next, MAX_ADVICE);
    }

    public Problem(ProblemCode code, String detail, String hint, String next) {
        this(code, detail, hint, next, Optional.empty());
    }

    public static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, "", "");
    }

    public static Problem of(ProblemCode code, String detail, String hint) {
        return new Problem(code, detail, hint, "");
    }

    public Problem withNext(String call) {
        return new Problem(code, detail, hint, call, places);
    }

    public Problem withPlaces(TextPlaces where) {
        return new Problem(code, detail, hint, next, Optional.of(where));
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }

    /** A control character takes six in JSON, and none belongs into a sentence. */
    private static String cut(String text, int most) {
        String shown = text.length() <= most ? text : text.substring(0, most - 1) + "…";
        return shown.chars().anyMatch(Problem::isControl)
                ? shown.codePoints()
                        .map(c -> isControl(c) ? ' ' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : shown;
    }

    private static boolean isControl(int character) {
        return character < ' ' && character != '\n' && character != '\t';
    }
}
