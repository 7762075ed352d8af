package dev.atoll.model.context;

import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as it is kept: where it stands in the output of its kernel. What came of it is read from there.
 *
 * @param kernel the process that got the code
 * @param offset bytes that the kernel had written to stdout before
 * @param inputEnd bytes that the kernel's stdin has taken when it has all of the code
 * @param timeout how long it may take before it is interrupted
 * @param request a hash of what was asked for, in hexadecimal digits
 */
public record ContextRun(
        ContextRunId id,
        ContextId context,
        SandboxId sandbox,
        ExecId kernel,
        long offset,
        long inputEnd,
        Optional<Duration> timeout,
        String request,
        Instant createdAt) {
    /** When it is interrupted if it has not ended. */
    public Optional<Instant> deadline() {
        return timeout.map(createdAt::plus);
    }
}
