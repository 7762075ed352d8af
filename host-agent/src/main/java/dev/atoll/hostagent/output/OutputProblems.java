package dev.atoll.hostagent.output;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;

/** Why output cannot be read, in words for the reader. */
final class OutputProblems {
    static final Problem NOT_KEPT = Problem.of(
            ProblemCode.DISK_FULL,
            "The host could not keep the output of this exec.",
            "What was kept before can be read. Make room on the host's disk.");

    private OutputProblems() {}

    static ProblemException beyondEnd(long offset, long end) {
        return Problem.of(
                        ProblemCode.OFFSET_BEYOND_END,
                        "The offset is " + offset + " and the output has " + end + " bytes so far.",
                        "Go on at next_offset of the last answer.")
                .asException();
    }

    static ProblemException removed() {
        return Problem.of(ProblemCode.RETENTION_OVER, "The output of this exec is not kept any longer.")
                .asException();
    }

    static ProblemException gone(long first, long retained) {
        return Problem.of(
                        ProblemCode.OUTPUT_GONE,
                        "Output before offset " + first + " was dropped: at most " + retained
                                + " bytes are kept per exec.",
                        "Go on at offset " + first + ", and read while the command runs to get everything.")
                .asException();
    }
}
