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

    public Problem {
        Objects.requireNonNull(code);
        detail = cut(detail);
        hint = cut(hint);
        next = cut(next);
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

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }
}
