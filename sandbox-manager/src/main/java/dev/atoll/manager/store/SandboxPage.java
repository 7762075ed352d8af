package dev.atoll.manager.store;

import dev.atoll.model.sandbox.Sandbox;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list, the newest first.
 *
 * @param nextCursor what to send for the next page; empty on the last one
 */
public record SandboxPage(List<Sandbox> items, Optional<String> nextCursor) {
    public SandboxPage {
        items = List.copyOf(items);
    }
}
