package dev.atoll.manager.transition;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells those who need to know of commits. Other processes' commits are not heard of here: whoever depends on them also looks into the
 * store.
 */
public final class Commits {
    private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();

    public void addListener(CommitListener listener) {
        listeners.add(listener);
    }

    /** To be called right after the commit, in the order in which the listeners were added. */
    public void announce(Commit commit) {
        listeners.forEach(listener -> listener.committed(commit));
    }
}
