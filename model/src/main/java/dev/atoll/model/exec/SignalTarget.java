package dev.atoll.model.exec;

import java.util.Locale;

/** Who gets a signal. */
public enum SignalTarget {
    /** Only the exec's first process. */
    PROCESS,
    /** Its process group: what a terminal's Ctrl-C reaches. */
    GROUP,
    /** Every process it has led to, also those that made sessions of their own or lost their parents. */
    TREE;

    /** The word on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
