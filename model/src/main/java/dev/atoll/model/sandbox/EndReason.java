package dev.atoll.model.sandbox;

import java.util.Locale;

/** Why a sandbox ended. The set is closed; every end has exactly one. */
public enum EndReason {
    /** Its first process ended by itself. */
    EXITED,
    /** A signal ended it. */
    SIGNALED,
    /** It lived as long as it was allowed to. */
    TIMEOUT,
    /** It used more memory than it may. */
    OOM,
    /** It filled its disk. */
    DISK_FULL,
    /** It started more processes than it may. */
    PIDS,
    /** Nothing used it for as long as it may idle. */
    IDLE,
    /** Its owner asked for the end. */
    CANCELED,
    /** The platform needed the room. */
    EVICTED,
    /** Its host went away. */
    HOST_LOST,
    /** It could not be made, or broke in a way that has no other name; the detail says how. */
    FAILED;

    /** The word on the wire, for instance {@code host_lost}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word that {@link #word} writes; a word that is not known, for instance of a newer version, is {@link #FAILED}. */
    public static EndReason ofWord(String word) {
        for (EndReason reason : values()) {
            if (reason.word().equals(word)) {
                return reason;
            }
        }
        return FAILED;
    }
}
