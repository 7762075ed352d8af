package dev.atoll.manager.store;

import dev.atoll.model.sandbox.Sandbox;
import java.util.List;
import java.util.Optional;

/** Cuts pages out of lists that were read one item too far. */
final class SandboxPages {
    private SandboxPages() {}

    static SandboxPage cut(List<Sandbox> oneMore, int limit) {
        if (oneMore.size() <= limit) {
            return new SandboxPage(oneMore, Optional.empty());
        }
        List<Sandbox> items = oneMore.subList(0, limit);
        return new SandboxPage(items, Optional.of(PageCursor.of(items.getLast()).write()));
    }
}
