package dev.atoll.manager.store;

import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The log of what happened to sandboxes. That a sandbox came into a state is written by {@link SandboxStore} in the very transaction in
 * which it does. Thread-safe.
 */
public interface EventStore {
    /** What happened to one sandbox after a position, in order. An event is seen once everything that could come before it is there. */
    List<LoggedEvent> ofSandbox(SandboxId sandbox, EventPosition after, int limit);

    /** What happened to the sandboxes of a workspace after a position, in order. */
    List<LoggedEvent> ofWorkspace(WorkspaceId workspace, EventPosition after, int limit);

    /** Writes events of sandboxes that are known; answers the sandboxes of those that were new, and their workspaces. */
    Map<SandboxId, WorkspaceId> append(List<NewEvent> events);

    /**
     * Lets go of events from before {@code oldest}, and of the oldest of each sandbox that has more than {@code most}; of the latter there
     * stays one that says how many they were. Answers how many sandboxes had more.
     */
    int forget(Instant oldest, int most);
}
