package dev.atoll.manager.store;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What says how long sandboxes live and is changed by their owners while they do. None of it is a transition: whatever is under way for
 * a sandbox stays valid. Each change is in the log of events. Thread-safe.
 */
public interface SandboxTimes {
    /**
     * Lets a sandbox live until a time, unless it may live longer already. Empty when there is no such sandbox whose time is not over at
     * {@code now} and whose end is not wanted.
     */
    Optional<Sandbox> extend(SandboxId sandbox, Instant until, Instant now);

    /** Sets a hold, new or not, and drops those that are over. Empty when there is no such sandbox whose end is not wanted. */
    Optional<Sandbox> hold(SandboxId sandbox, String name, Instant until, Instant now);

    /** Gives a hold up; one that is not there is given up already. Empty when there is no such sandbox whose end is not wanted. */
    Optional<Sandbox> release(SandboxId sandbox, String name, Instant now);

    /** Writes the warning for each sandbox whose time will be over soon and that was not warned of that; answers them. */
    List<Sandbox> warnExpiring(Instant now, int limit);

    /** The running sandboxes that end for want of use. */
    List<Sandbox> idling();
}
