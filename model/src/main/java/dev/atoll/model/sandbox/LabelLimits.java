package dev.atoll.model.sandbox;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Map;
import java.util.regex.Pattern;

/** What labels may look like, so that {@code label=key=value} in a query is never ambiguous. */
final class LabelLimits {
    static final int MAX_LABELS = 32;

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{0,255}");

    private LabelLimits() {}

    static void check(Map<String, String> labels) {
        boolean fine = labels.size() <= MAX_LABELS
                && labels.entrySet().stream()
                        .allMatch(e -> KEY.matcher(e.getKey()).matches()
                                && VALUE.matcher(e.getValue()).matches());
        if (!fine) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "A label is not valid.",
                            "At most 32 labels; keys of 1 to 63 letters, digits and inner . _ / -;"
                                    + " values of at most 255 printable ASCII characters.")
                    .asException();
        }
    }
}
