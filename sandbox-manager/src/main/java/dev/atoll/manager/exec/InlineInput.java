package dev.atoll.manager.exec;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;

/**
 * What stdin begins with. The array is the record's own from now on.
 *
 * @param close whether that is all
 */
@SuppressWarnings("ArrayRecordComponent") // a copy would double the cost of every byte
public record InlineInput(byte[] bytes, boolean close) {
    /** What a process that has just been started always has room for, whether it reads or not. */
    public static final int MAX_BYTES = 64 << 10;

    public InlineInput {
        if (bytes.length > MAX_BYTES) {
            throw Problem.of(
                            ProblemCode.BODY_TOO_LARGE,
                            "The input is " + bytes.length + " bytes.",
                            "At most " + MAX_BYTES + " with the command; send more with writeExecInput.")
                    .asException();
        }
    }
}
