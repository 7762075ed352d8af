package dev.atoll.model.sandbox;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an environment may hold: any name a shell could set plus the odd ones programs use, and values without NUL, up to a total size. */
public final class EnvironmentLimits {
    /** Bytes of all names and values together, with a separator and a terminator each; the guest takes this much in one spawn. */
    public static final int MAX_BYTES = 128 * 1024;

    public static final int MAX_ENTRIES = 1_000;

    private EnvironmentLimits() {}

    /**
     * Throws {@code invalid_environment} or {@code environment_too_large}. Values are never repeated in the problem: they may be secrets.
     */
    public static void check(Map<String, String> env) {
        long bytes = 0;
        for (Map.Entry<String, String> entry : env.entrySet()) {
            String name = entry.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw invalid("An environment variable has a name that is empty or holds '=' or NUL.");
            }
            if (entry.getValue().indexOf('\0') >= 0) {
                throw invalid("The value of an environment variable holds a NUL.");
            }
            bytes += utf8Length(name) + utf8Length(entry.getValue()) + 2;
        }
        if (bytes > MAX_BYTES || env.size() > MAX_ENTRIES) {
            throw Problem.of(
                            ProblemCode.ENVIRONMENT_TOO_LARGE,
                            "The environment has " + env.size() + " variables and " + bytes + " bytes.",
                            "At most " + MAX_ENTRIES + " variables and " + MAX_BYTES
                                    + " bytes; pass larger data through stdin or a file.")
                    .asException();
        }
    }

    private static RuntimeException invalid(String detail) {
        return Problem.of(
                        ProblemCode.INVALID_ENVIRONMENT,
                        detail,
                        "Names are not empty and hold no '='; nothing holds a NUL.")
                .asException();
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
