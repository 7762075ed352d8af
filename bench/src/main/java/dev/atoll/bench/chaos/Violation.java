package dev.atoll.bench.chaos;

import java.util.Locale;

/**
 * A promise that was not kept.
 *
 * @param about the tag of what it is about, and its id
 * @param evidence what was seen
 */
record Violation(Promise promise, String about, String evidence) {
    /** What the platform promises. */
    enum Promise {
        /** No byte of output is lost. */
        BYTES_LOST,
        /** No byte of output comes twice. */
        BYTES_DOUBLED,
        /** Output is what the command wrote. */
        BYTES_FOREIGN,
        /** A command that runs goes on. */
        EXEC_STALLED,
        /** An acknowledged sandbox is there, or has ended with a reason. */
        CREATE_MISSING,
        /** A request that is sent twice makes one sandbox. */
        CREATE_DOUBLED,
        /** A sandbox that ran, and that nobody wanted gone, runs. */
        SANDBOX_LOST,
        /** A sandbox whose deletion was acknowledged is gone. */
        DELETE_UNDONE,
        /** An acknowledged exec is there. */
        EXEC_MISSING,
        /** An acknowledged exec has a process. */
        PROCESS_MISSING,
        /** An exec has one process, ever. */
        PROCESS_DOUBLED,
        /** An exec has the end that it really had. */
        END_WRONG,
        /** What can be done is done. */
        REFUSED,
        /** The platform answers. */
        HUNG,
        /** Nothing stays without an owner. */
        ORPHAN
    }

    /** For people, on one line. */
    String text() {
        return promise.name().toLowerCase(Locale.ROOT) + ": " + about + ": " + evidence;
    }
}
