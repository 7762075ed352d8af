package dev.atoll.manager.exec;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StreamChoice;

/** Where a client that attaches begins to read. */
public sealed interface StartOfOutput {
    /** At an offset of the chosen stream. */
    record At(long offset) implements StartOfOutput {}

    /** So that about the last {@code bytes} bytes come: the screen of a terminal, for instance. */
    record Tail(long bytes) implements StartOfOutput {}

    /** The offset at which this is, in an exec as it is now. */
    default long offsetIn(Exec exec, StreamChoice stream) {
        OutputState output = exec.output();
        return switch (this) {
            case At(long offset) -> offset;
            case Tail(long bytes) ->
                switch (stream) {
                    case ALL -> Math.max(output.firstOffset(), output.totalBytes() - bytes);
                    case STDOUT -> Math.max(0, output.stdoutBytes() - bytes);
                    case STDERR -> Math.max(0, output.stderrBytes() - bytes);
                };
        };
    }
}
