package dev.atoll.model.exec;

/** Who gets a signal. */
public enum SignalTarget {
    /** Only the exec's first process. */
    PROCESS,
    /** Its process group: what a terminal's Ctrl-C reaches. */
    GROUP
}
