package dev.atoll.model.exec;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;

/** The size of a terminal, in characters. */
public record TerminalSize(int rows, int columns) {
    /** What the kernel's window size holds. */
    public static final int MAX = 65_535;

    public TerminalSize {
        if (rows < 1 || columns < 1 || rows > MAX || columns > MAX) {
            throw Problem.of(
                            ProblemCode.INVALID_QUANTITY,
                            "The terminal is " + rows + " rows by " + columns + " columns.",
                            "Each is 1 to " + MAX + ".")
                    .asException();
        }
    }
}
