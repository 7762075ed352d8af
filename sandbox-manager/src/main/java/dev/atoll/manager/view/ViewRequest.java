package dev.atoll.manager.view;

import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a reader wants to see of an exec's output.
 *
 * @param maxTokens most tokens of text, each counted as {@value #BYTES_PER_TOKEN} bytes of UTF-8
 * @param stream which output; offsets count in it
 * @param clean whether escape sequences are taken out, lines that were drawn over are shown as they ended, and other control characters
 *     are left out
 * @param grep only lines that match
 * @param tailLines only so many of the last lines
 * @param offset only what comes from this offset on; everything that is kept when empty
 */
public record ViewRequest(
        int maxTokens,
        StreamChoice stream,
        boolean clean,
        Optional<LinePattern> grep,
        OptionalInt tailLines,
        OptionalLong offset) {
    public static final int BYTES_PER_TOKEN = 4;

    /** What fits into a prompt without crowding it: 8 to 10 thousand tokens is what the common agents show of one command. */
    public static final int DEFAULT_TOKENS = 8_000;

    public static final int MIN_TOKENS = 100;
    public static final int MAX_TOKENS = 64_000;
    public static final int MAX_TAIL_LINES = 100_000;

    /** The view when nothing is said. */
    public static final ViewRequest DEFAULT = new ViewRequest(
            DEFAULT_TOKENS, StreamChoice.ALL, true, Optional.empty(), OptionalInt.empty(), OptionalLong.empty());

    /** Throws {@code invalid_request} when a number is out of range. */
    public ViewRequest {
        within("max_output_tokens", maxTokens, MIN_TOKENS, MAX_TOKENS);
        tailLines.ifPresent(lines -> within("tail_lines", lines, 1, MAX_TAIL_LINES));
        offset.ifPresent(start -> within("offset", start, 0, Long.MAX_VALUE));
    }

    int maxBytes() {
        return maxTokens * BYTES_PER_TOKEN;
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "'" + name + "' is " + value + ".",
                            "Send a whole number from " + least + " to " + most + ".")
                    .asException();
        }
    }
}
