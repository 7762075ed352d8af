package dev.atoll.model.exec;

import java.util.Locale;

/** One of a process's two output streams. */
public enum StdStream {
    STDOUT,
    STDERR;

    /** The word on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
