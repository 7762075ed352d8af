package dev.atoll.manager.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.regex.MatchResult;

/**
 * A regular expression over a line, in the syntax of RE2: matching takes time in proportion to the line, whatever the pattern. How large
 * the compiled pattern may be is bounded too, since that is the other factor. Thread-safe.
 */
public final class LinePattern {
    public static final int MAX_CHARACTERS = 500;

    /** Of all counted repetitions together: they multiply the size of what is compiled. */
    private static final int MAX_REPEATED = 1_000;

    /** Instructions of the compiled pattern. */
    private static final int MAX_PROGRAM = 4_000;

    private static final java.util.regex.Pattern REPEAT =
            java.util.regex.Pattern.compile("\\{([0-9]{1,9})(?:,([0-9]{0,9}))?\\}");

    private final String text;
    private final Pattern pattern;

    /** Throws {@code invalid_request} when the text is no pattern, or one that is too large. */
    @JsonCreator
    public LinePattern(String text) {
        this.text = text;
        if (text.isEmpty() || text.length() > MAX_CHARACTERS || repeated(text) > MAX_REPEATED) {
            throw refused("it is empty or too large");
        }
        try {
            this.pattern = Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new ProblemException(refused(String.valueOf(e.getMessage())).problem(), e);
        }
        if (pattern.programSize() > MAX_PROGRAM) {
            throw refused("it is too large");
        }
    }

    boolean matches(String line) {
        return pattern.matcher(line).find();
    }

    /** The product of the counts: what they come to when each stands within the one before. */
    private static long repeated(String text) {
        return REPEAT.matcher(text)
                .results()
                .mapToLong(LinePattern::count)
                .reduce(1, (all, one) -> Math.min(Integer.MAX_VALUE, all * one));
    }

    private static long count(MatchResult repeat) {
        String most = repeat.group(2);
        return Math.max(1, Long.parseLong(most == null || most.isEmpty() ? repeat.group(1) : most));
    }

    private static ProblemException refused(String why) {
        return Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "'grep' is no pattern that can be used: " + why + ".",
                        "Send a regular expression in the syntax of RE2 of at most " + MAX_CHARACTERS
                                + " characters, without backreferences.")
                .asException();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinePattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as it was given, which is also how it is kept. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
