package dev.atoll.api.key;

import dev.atoll.manager.key.ApiKeys;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out who asks from the {@code Authorization} header. Thread-safe. */
public final class Authentication {
    private static final Pattern BEARER = Pattern.compile("[Bb]earer +([\\x21-\\x7e]{1,200}) *");

    private final ApiKeys keys;

    public Authentication(ApiKeys keys) {
        this.keys = keys;
    }

    /** The caller; throws a problem with code {@code unauthenticated}, which never repeats what was sent. */
    public Caller callerOf(@Nullable String header) {
        if (header == null) {
            throw refused("There is no Authorization header.");
        }
        Matcher bearer = BEARER.matcher(header);
        if (!bearer.matches()) {
            throw refused("The Authorization header is not of the form 'Bearer KEY'.");
        }
        return keys.authenticate(bearer.group(1));
    }

    private static RuntimeException refused(String detail) {
        return Problem.of(
                        ProblemCode.UNAUTHENTICATED,
                        detail,
                        "Send Authorization: Bearer and your key; the platform's operator has it.")
                .asException();
    }
}
