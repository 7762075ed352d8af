package dev.atoll.manager.context;

import dev.atoll.model.context.RunEndReason;
import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunResult;
import dev.atoll.model.exec.StdStream;
import java.time.Instant;

/** Something that happened in a run. */
public sealed interface RunEvent {
    Instant time();

    record Started(Instant time, int executionCount) implements RunEvent {}

    /** The array is the event's own: whoever gets it may read it and must not write to it. */
    @SuppressWarnings("ArrayRecordComponent") // written once, right after it was made
    record Output(Instant time, StdStream stream, byte[] bytes) implements RunEvent {}

    record Shown(Instant time, RunResult result) implements RunEvent {}

    record Failed(Instant time, RunError error) implements RunEvent {}

    /** The last one. */
    record Ended(Instant time, RunEndReason reason) implements RunEvent {}
}
