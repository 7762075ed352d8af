package dev.atoll.model.context;

/** Where a code context stands. */
public enum ContextState {
    /** It waits for code. */
    IDLE,
    /** It runs code. */
    BUSY,
    /** Its kernel has ended; it can be restarted. */
    DEAD
}
