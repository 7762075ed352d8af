package dev.atoll.manager.store;

import dev.atoll.manager.placement.Placement;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where sandboxes are kept. Whatever a method has answered is durable, except as {@link Change#comesAgain} says. Every method throws
 * {@code database_unavailable} when the store cannot be reached; the caller then does not know whether a change was made. Thread-safe.
 */
public interface SandboxStore {
    /**
     * In one transaction: claims the idempotency key, chooses a host with {@code placement} among the candidates by what live sandboxes
     * have been promised there, and inserts the sandbox as placed together with its effects. Two inserts never promise the same room.
     */
    Insertion insert(NewSandbox sandbox, Placement placement);

    /**
     * Commits a change if the stored generation is the one right before {@code change.next()}, and answers the effects as they are queued
     * now; answers empty, having changed nothing, when it is not.
     */
    Optional<List<PendingEffect>> commit(Change change);

    Optional<Sandbox> find(SandboxId id);

    /** A workspace's sandboxes, the newest first. Throws {@code invalid_cursor} when the cursor is not one this method has given. */
    SandboxPage list(WorkspaceId workspace, SandboxFilter filter, PageRequest page);

    /** Every sandbox on the host that has not ended. */
    List<Sandbox> liveOn(HostId host);

    /** When the next ttl will be over, or the next warning of that is due, of sandboxes whose end is not wanted already. */
    Optional<Instant> nextExpiry();

    /** Sandboxes whose ttl is over at {@code now} and whose end is not wanted already, the longest overdue first. */
    List<Sandbox> expired(Instant now, int limit);

    /** Forgets sandboxes that ended before {@code endedBefore}; answers how many there were. */
    int forgetEnded(Instant endedBefore, int limit);
}
