package dev.atoll.manager.context;

import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.util.List;
import java.util.Optional;

/** Where code contexts and their runs are kept, for as long as their sandbox is. Throws {@code database_unavailable}. Thread-safe. */
public interface ContextStore {
    /** Runs of a context that are kept; older ones are forgotten. */
    int MOST_RUNS = 1_000;

    /** False when there is one with this id already. */
    boolean insert(CodeContext context);

    Optional<CodeContext> find(ContextId id);

    /** Those of a sandbox, the oldest first. */
    List<CodeContext> of(SandboxId sandbox);

    /** Names another process as the kernel, if {@code last} still is. */
    boolean restart(ContextId id, ExecId last, ExecId next);

    /** False when there was none. */
    boolean delete(ContextId id);

    /** Gives the context to a run and keeps it, if {@code last} is still the one that had it and the kernel is the run's. */
    boolean begin(ContextRun run, Optional<ContextRunId> last);

    Optional<ContextRun> findRun(ContextRunId id);

    /** The runs of a context, the newest first. */
    List<ContextRun> runs(ContextId context, int limit);

    /** Runs with a timeout that are not known to have ended. */
    List<ContextRun> watched();

    /** Nobody needs to watch the run any more. */
    void unwatch(ContextRunId id);
}
