package dev.atoll.model.context;

import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A code context as it is kept.
 *
 * @param argv the command line of its kernel
 * @param kernel the process that is its kernel now
 * @param restarts how often it got another one
 * @param run the last run, or the one that runs
 */
public record CodeContext(
        ContextId id,
        SandboxId sandbox,
        ContextSpec spec,
        List<String> argv,
        Instant createdAt,
        ExecId kernel,
        int restarts,
        Optional<ContextRunId> run) {
    public CodeContext {
        argv = List.copyOf(argv);
    }
}
