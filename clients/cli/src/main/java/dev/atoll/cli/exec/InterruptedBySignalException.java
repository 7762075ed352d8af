package dev.atoll.cli.exec;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.terminal.SignalNumber;

/** A signal came before there was a command that could have got it. */
public final class InterruptedBySignalException extends RuntimeException {
    private final String signal;

    InterruptedBySignalException(String signal) {
        super(signal, null, false, false);
        this.signal = signal;
    }

    /** What a shell reports for a program that this signal ended. */
    public int exitCode() {
        return ExitCode.SIGNAL_BASE + SignalNumber.of(signal);
    }
}
