package dev.atoll.isolation.guest;

/**
 * An exec as the guest reports it at an attach.
 *
 * @param pid in the guest's own pid namespace; 0 unless it was started
 * @param inputAccepted offset in stdin up to which bytes have been taken
 * @param inputLimit offset in stdin up to which bytes may be sent
 */
public record GuestExec(
        int exec,
        State state,
        int pid,
        Output stdout,
        Output stderr,
        boolean inputClosed,
        long inputAccepted,
        long inputLimit) {
    /** The number on the wire is the ordinal plus one. */
    public enum State {
        STARTING,
        RUNNING,
        /** The first process has ended; its {@link ExitReport} follows the attach. */
        EXITED,
        /** It was never started; the {@link SpawnFailure} follows the attach. */
        FAILED
    }

    /**
     * @param oldest offset of the first byte still held: all before was acknowledged
     * @param end offset after the last byte read from the process so far
     * @param closed whether every writer has closed the stream
     */
    public record Output(long oldest, long end, boolean closed) {}
}
