package dev.atoll.isolation.guest;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Two byte streams to and from one guest. One thread reads; writes come from any thread, one at a time (the link holds a lock). Closing
 * wakes a blocked reader and writer.
 */
public interface GuestTransport extends AutoCloseable {
    /**
     * Blocks until at least one byte has come and puts what is there into {@code buffer}, a direct one. A guest's FIFO has no end: only
     * {@link #close} makes this return -1.
     */
    int read(ByteBuffer buffer) throws IOException;

    /**
     * Writes one whole frame, at most {@link GuestProtocol#MAX_HOST_FRAME_BYTES}, by ONE {@code write(2)}, waiting for room if need be. The
     * kernel takes so small a write wholly or not at all, so a guest never sees half a frame, not even when this process is killed.
     */
    void write(ByteBuffer frame) throws IOException;

    /** May be called twice and from any thread. */
    @Override
    void close();
}
