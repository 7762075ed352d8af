package dev.atoll.model.image;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.regex.Pattern;

/**
 * A mutable pointer to an image: lower-case letters, digits, and single {@code . - _} between them, at most {@value #MAX_LENGTH}
 * characters. It never holds a path separator, so it is safe as a file name.
 */
public record ImageName(String value) {
    public static final int MAX_LENGTH = 100;

    private static final Pattern FORM = Pattern.compile("[a-z0-9]+([._-][a-z0-9]+)*");

    public ImageName {
        if (value.length() > MAX_LENGTH || !FORM.matcher(value).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The image name is not valid.",
                            "Use lower-case letters and digits, with single '.', '-' or '_' between them; at most 100 characters.")
                    .asException();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
