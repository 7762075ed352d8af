package dev.atoll.model.exec;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an exec ended.
 *
 * @param exitCode present exactly when the process returned one, or when it could not be executed at all: 127 when the command was not
 *     found, 126 when it was found and cannot be executed, as a shell has it
 * @param signal the number of the signal that ended it, if one did
 * @param error what kept the command from being executed, for people; empty when it ran
 * @param cpuMillis CPU time, user and system, of the process and the children it waited for
 * @param peakMemoryBytes the largest resident set of one of them
 */
public record ExecEnd(
        ExecEndReason reason,
        OptionalInt exitCode,
        OptionalInt signal,
        Optional<String> error,
        Instant endedAt,
        long cpuMillis,
        long peakMemoryBytes) {}
