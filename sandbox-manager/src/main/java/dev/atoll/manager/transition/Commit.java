package dev.atoll.manager.transition;

import dev.atoll.manager.store.PendingEffect;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.util.List;
import java.util.Optional;

/**
 * A change of a sandbox that is durable.
 *
 * @param from the state it was in; empty when it has just been made
 * @param effects what is to be done because of it
 * @param times where the time went of the work that it ends, if that was timed
 */
public record Commit(
        Optional<SandboxState> from, Sandbox sandbox, List<PendingEffect> effects, Optional<CallTimes> times) {
    public Commit {
        effects = List.copyOf(effects);
    }
}
