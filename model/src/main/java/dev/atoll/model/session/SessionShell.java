package dev.atoll.model.session;

import java.util.Locale;

/** What runs the commands of a session. */
public enum SessionShell {
    /** Keeps all that a shell has. */
    BASH,
    /** Any shell that knows POSIX: functions are not kept. */
    SH;

    /** The word on the wire, which is also the program. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
