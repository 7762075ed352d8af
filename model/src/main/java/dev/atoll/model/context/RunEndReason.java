package dev.atoll.model.context;

import java.util.Locale;

/** Why a run ended. The set is closed. */
public enum RunEndReason {
    /** The code ran to its end. */
    COMPLETED,
    /** The code threw something that it did not catch, or is no code. */
    ERROR,
    /** Somebody interrupted it. */
    INTERRUPTED,
    /** It ran as long as its timeout allowed, and was interrupted or killed. */
    TIMEOUT,
    /** The kernel ended under it. */
    KERNEL_DIED,
    /** The context was restarted under it. */
    RESTARTED,
    /** The platform ended before the kernel had all of the code; it did not run. */
    NOT_STARTED;

    /** The word on the wire, for instance {@code kernel_died}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
