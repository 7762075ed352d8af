package dev.atoll.model.event;

import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An event that is to be written to the log.
 *
 * @param once of several with this name in one sandbox only the first is written: for those that may be told twice
 */
public record NewEvent(
        SandboxId sandbox, EventType type, Instant at, Map<String, String> facts, Optional<String> once) {
    public NewEvent {
        facts = Map.copyOf(facts);
    }
}
