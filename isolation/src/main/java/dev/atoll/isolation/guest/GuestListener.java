package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;

/**
 * Hears what a guest reports. All calls come one at a time from the thread in {@link GuestLink#run}; they should be short, may call the
 * link's sending methods, and must not wait for a future of the same link. After an attach every exec's events come again from the start
 * (started, exit, closes), and its output from the resume point: handling an event twice must be harmless.
 */
public interface GuestListener {
    void onStarted(int exec, int pid);

    void onSpawnFailed(int exec, SpawnFailure failure);

    /**
     * Output in order, without gap or overlap.
     *
     * @param offset of the first byte in the stream
     * @param bytes valid during the call only
     */
    void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes);

    /** Every writer of the stream has closed it; {@code end} is its length. */
    void onOutputClosed(int exec, StdStream stream, long end);

    /**
     * @param accepted bytes below have been taken and need not be kept for another try
     * @param limit bytes below may be sent
     */
    void onInputCredit(int exec, long accepted, long limit);

    /** The process has closed its stdin or the host has: what is sent from now on is dropped. */
    void onInputClosed(int exec, long accepted);

    void onExit(int exec, ExitReport report);

    /** The guest could not make sense of something this host, or an earlier one, sent. For the log: nothing was done. */
    void onGuestError(GuestError error);

    /**
     * All that had come from the guest has been told; more may take a while. What is worth doing once for many frames has its place here.
     */
    default void onQuiet() {}

    /** Last call of all. */
    void onDetached(Detachment cause);
}
