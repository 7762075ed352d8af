package dev.atoll.manager.run;

import dev.atoll.model.id.RunId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where runs are kept. Every method throws {@code database_unavailable} when that does not answer. Thread-safe. */
public interface RunStore {
    /** Keeps a new run under a claim; answers the one that has its key already when there is one, and keeps nothing then. */
    Optional<StoredRun> insert(StoredRun run, Instant claimedUntil);

    Optional<StoredRun> find(WorkspaceId workspace, RunId id);

    /** Keeps the outcome of a run that has none; what it asked for is let go, and its key too when {@code freeKey}. */
    void end(RunId id, String outcome, Instant now, boolean freeKey);

    /** Keeps that the end of a run is asked for, unless it has ended; answers the run. */
    Optional<StoredRun> askCancel(WorkspaceId workspace, RunId id, Instant now);

    /** Keeps the claims on these runs; answers those whose end is asked for. */
    List<RunId> renew(Collection<RunId> ids, Instant claimedUntil);

    /** Ends every claim: for the start of the only process that works on this store. */
    void releaseAll(Instant now);

    /** Claims runs that nobody is at, the oldest first. */
    List<StoredRun> take(Instant now, Instant claimedUntil, int limit);

    /** Deletes what ended before an instant; answers how many there were. */
    int forgetEnded(Instant endedBefore, int limit);
}
