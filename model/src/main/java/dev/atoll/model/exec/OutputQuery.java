package dev.atoll.model.exec;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;

/**
 * A wish to read output.
 *
 * @param offset where to begin, counted in {@code stream}
 * @param maxBytes stop after about this many bytes; a frame is cut to fit
 * @param waitFor how long to wait for the first byte when there is none yet; zero answers at once
 */
public record OutputQuery(StreamChoice stream, long offset, long maxBytes, Duration waitFor) {
    public OutputQuery {
        if (offset < 0 || maxBytes <= 0 || waitFor.isNegative()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "offset, limit or wait is out of range.",
                            "offset is at least 0, limit at least 1, wait at least 0s.")
                    .asException();
        }
    }
}
