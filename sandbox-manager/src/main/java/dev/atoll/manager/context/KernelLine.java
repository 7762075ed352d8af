package dev.atoll.manager.context;

import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunResult;
import dev.atoll.model.exec.StdStream;

/** What a kernel says in one line of its stdout. {@code run} is the run that it says it of; empty between runs. */
sealed interface KernelLine {
    /** It can be given code. */
    record Ready() implements KernelLine {}

    /** It has begun with a run, the {@code count}th of its life. */
    record Started(String run, int count) implements KernelLine {}

    /** The code has written this. */
    @SuppressWarnings("ArrayRecordComponent") // read once, right after it was made
    record Output(String run, StdStream stream, byte[] bytes) implements KernelLine {}

    record Shown(String run, RunResult result) implements KernelLine {}

    record Failed(String run, RunError error) implements KernelLine {}

    record Ended(String run, Status status) implements KernelLine {}

    /** How a run came to its end. */
    enum Status {
        OK,
        ERROR,
        INTERRUPTED
    }
}
