package dev.atoll.manager.idempotency;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.regex.Pattern;

/** A caller's own name for a request: 1 to 255 printable ASCII characters, meaningful within one workspace. */
public record IdempotencyKey(String value) {
    public static final int MAX_LENGTH = 255;

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?");

    /** Throws a problem with code {@code invalid_idempotency_key} when the text is anything else. */
    public IdempotencyKey {
        if (!FORM.matcher(value).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_IDEMPOTENCY_KEY,
                            "The Idempotency-Key is not valid.",
                            "Send 1 to 255 printable ASCII characters without a space at either end, such as a UUID.")
                    .asException();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
