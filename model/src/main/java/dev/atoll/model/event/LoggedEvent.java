package dev.atoll.model.event;

import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a sandbox.
 *
 * @param position its place in the log
 * @param at when it happened, by the clock of whoever saw it; not always in the order of the positions
 * @param facts what there is to say of it, by name
 */
public record LoggedEvent(
        EventPosition position, SandboxId sandbox, EventType type, Instant at, Map<String, String> facts) {
    public LoggedEvent {
        facts = Map.copyOf(facts);
    }
}
