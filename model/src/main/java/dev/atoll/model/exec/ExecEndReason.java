package dev.atoll.model.exec;

import java.util.Locale;

/** Why an exec ended. The set is closed. */
public enum ExecEndReason {
    /** The process returned an exit code. */
    EXITED,
    /** A signal ended it. */
    SIGNALED,
    /** It ran as long as its timeout allowed and was killed. */
    TIMEOUT,
    /** It used as much CPU time as its limit allowed and was killed. */
    CPU_LIMIT,
    /** It wrote as much output as its limit allowed and was killed. */
    OUTPUT_LIMIT,
    /** The sandbox used more memory than it may, and ended with everything in it. */
    OOM,
    /** The sandbox was stopped under it. */
    SANDBOX_STOPPED,
    /** The host went away; whether the command finished is not known. */
    HOST_LOST;

    /** The word on the wire, for instance {@code sandbox_stopped}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
