package dev.atoll.manager.transition;

/**
 * Hears of every commit made by this process, on the thread that made it. Must neither block nor throw: it notes what has to be done and
 * returns.
 */
@FunctionalInterface
public interface CommitListener {
    void committed(Commit commit);
}
