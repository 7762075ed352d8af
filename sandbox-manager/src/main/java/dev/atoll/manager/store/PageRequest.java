package dev.atoll.manager.store;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Optional;

/**
 * Which part of a list is wanted.
 *
 * @param limit most items on the page, 1 to {@value #MAX_LIMIT}
 * @param cursor where the page before this one ended, exactly as that page gave it; empty for the first page
 */
public record PageRequest(int limit, Optional<String> cursor) {
    public static final int MAX_LIMIT = 500;
    public static final int DEFAULT_LIMIT = 100;

    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "limit is out of range.",
                            "Ask for 1 to " + MAX_LIMIT + " items.")
                    .asException();
        }
    }

    public static PageRequest first(int limit) {
        return new PageRequest(limit, Optional.empty());
    }
}
