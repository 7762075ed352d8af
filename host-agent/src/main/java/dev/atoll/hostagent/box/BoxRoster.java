package dev.atoll.hostagent.box;

import dev.atoll.isolation.runtime.BoxId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every box that somebody in this process answers for, from before the first thing of it is made until after the last is gone. What is
 * found on the host and not in here is an orphan. Thread-safe.
 */
public final class BoxRoster {
    private final Set<BoxId> boxes = ConcurrentHashMap.newKeySet();

    void add(BoxId box) {
        boxes.add(box);
    }

    void remove(BoxId box) {
        boxes.remove(box);
    }

    public boolean has(BoxId box) {
        return boxes.contains(box);
    }

    public int size() {
        return boxes.size();
    }
}
