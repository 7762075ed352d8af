package dev.atoll.server.start;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;

/** Problems that keep the platform from starting, each with what to do. */
final class Refusal {
    private Refusal() {}

    static ProblemException of(ProblemCode code, String detail, String hint) {
        return Problem.of(code, detail, hint).asException();
    }

    static ProblemException of(ProblemCode code, String detail, String hint, IOException cause) {
        return new ProblemException(Problem.of(code, detail + " (" + cause.getMessage() + ")", hint), cause);
    }
}
