package dev.atoll.isolation.linux;

import dev.atoll.isolation.guest.GuestTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The host's ends of the two FIFOs that are a guest's stdin and stdout.
 *
 * <p>Both are opened for reading and writing: so neither side ever sees the end of a FIFO because the other one has gone
 * for a while, and what lies in a FIFO survives the death of this process. They are descriptions of our own, not those
 * that runsc was given, because runsc changes the flags of its own.
 */
public final class FifoTransport implements GuestTransport {

    /** PIPE_BUF: what the kernel takes wholly or not at all. */
    public static final int MAX_FRAME_BYTES = 4096;

    /**
     * Room for all that a stream may have under way, so that a flood wakes this side once for several frames and never waits for room: on
     * the machine of docs/performance.md a wake-up costs as much as copying 20 KiB. A checkpoint leaves at most this much in the sentry's
     * memory.
     */
    private static final int FROM_GUEST_BYTES = 512 * 1024;

    /** Who sends as much at once sends more. */
    private static final int FLOOD_BYTES = 32 * 1024;

    private final Poller poller;
    private final Fd toGuest;
    private final Fd fromGuest;
    private boolean flooded;
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(MAX_FRAME_BYTES);

    private FifoTransport(Poller poller, Fd toGuest, Fd fromGuest) {
        this.poller = poller;
        this.toGuest = toGuest;
        this.fromGuest = fromGuest;
    }

    /** Opens existing FIFOs; works before, during and after the life of the guest. */
    public static FifoTransport open(Poller poller, Path guestStdin, Path guestStdout) throws IOException {
        Fd toGuest = LinuxFiles.open(guestStdin, LinuxFiles.OpenMode.READ_WRITE);
        try {
            Fd fromGuest = LinuxFiles.open(guestStdout, LinuxFiles.OpenMode.READ_WRITE);
            LinuxFiles.enlargePipe(fromGuest, FROM_GUEST_BYTES);
            return new FifoTransport(poller, toGuest, fromGuest);
        } catch (IOException failed) {
            toGuest.close();
            throw failed;
        }
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        try {
            int count = LinuxFiles.read(fromGuest, buffer);
            if (count == LinuxFiles.WOULD_BLOCK && flooded) {
                // First those who hand on what has come: more will be there by then, which needs no wake-up.
                Thread.yield();
                count = LinuxFiles.read(fromGuest, buffer);
            }
            while (count == LinuxFiles.WOULD_BLOCK) {
                await(fromGuest, Poller.Interest.READABLE);
                count = LinuxFiles.read(fromGuest, buffer);
            }
            flooded = count >= FLOOD_BYTES;
            return count;
        } catch (LinuxException failed) {
            if (!fromGuest.isOpen()) {
                return -1;
            }
            throw failed;
        }
    }

    @Override
    public void write(ByteBuffer frame) throws IOException {
        if (frame.remaining() > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of more than " + MAX_FRAME_BYTES + " bytes would be torn");
        }
        synchronized (outgoing) {
            outgoing.clear().put(frame).flip();
            while (outgoing.hasRemaining() && LinuxFiles.write(toGuest, outgoing) == LinuxFiles.WOULD_BLOCK) {
                await(toGuest, Poller.Interest.WRITABLE);
            }
        }
    }

    private void await(Fd fd, Poller.Interest interest) throws IOException {
        try {
            poller.await(fd, interest);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the guest");
        }
    }

    @Override
    public void close() {
        toGuest.close();
        fromGuest.close();
    }
}
