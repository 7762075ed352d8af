package dev.atoll.manager.store;

import dev.atoll.model.sandbox.SandboxState;
import java.util.Map;
import java.util.Optional;

/**
 * Which sandboxes of a workspace a list shows.
 *
 * @param state only those in this state, if given
 * @param labels only those that carry every one of these
 */
public record SandboxFilter(Optional<SandboxState> state, Map<String, String> labels) {
    public static final SandboxFilter ALL = new SandboxFilter(Optional.empty(), Map.of());

    public SandboxFilter {
        labels = Map.copyOf(labels);
    }
}
