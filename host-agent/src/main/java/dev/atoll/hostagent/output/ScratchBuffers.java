package dev.atoll.hostagent.output;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Buffers for reading files, kept for reuse up to a number. Thread-safe. */
final class ScratchBuffers {
    static final int BUFFER_BYTES = 128 * 1024;
    static final int MAX_KEPT = 16;

    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(MAX_KEPT);

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer != null ? buffer : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    void giveBack(ByteBuffer buffer) {
        // A full queue means a burst of readers; the rest is the collector's.
        boolean kept = free.offer(buffer);
        assert kept || free.remainingCapacity() >= 0;
    }
}
