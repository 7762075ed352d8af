package dev.atoll.isolation.guest;

/** Who gets a signal; the number on the wire is the ordinal plus one. */
public enum SignalScope {
    /** The exec's first process, while it lives. */
    PROCESS,
    /** Its process group: what a terminal's Ctrl-C reaches. Also after the first process has ended. */
    GROUP,
    /** Every process of the session it leads, whatever group they made for themselves; processes that left the session are not found. */
    SESSION,
    /**
     * Everything it has led to, also what made a session of its own or lost its parents; known since version 2. Where a guest cannot follow
     * that, the session.
     */
    TREE
}
