package dev.atoll.api.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import org.eclipse.jetty.ee10.servlet.HttpOutput;

/**
 * Buffers in which answers that go out at full speed are put together, so that each system call sends as much as there is. They lie outside
 * of the heap, from where the kernel takes them without another copy. Thread-safe; a buffer is for one thread at a time.
 */
public final class AnswerBuffers {
    /** Room for what a host sends at once, and for what stands before each part of it. */
    public static final int BUFFER_BYTES = (256 + 16) * 1024;

    /** Most that are kept for reuse. */
    private static final int MOST_KEPT = 8;

    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(MOST_KEPT);

    /** An empty buffer of {@link #BUFFER_BYTES}, to be given back. */
    public ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer != null ? buffer : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    /** What the queue has no room for is the collector's. */
    public void giveBack(ByteBuffer buffer) {
        boolean _ = free.offer(buffer.clear());
    }

    /** Sends what was put into a buffer, and empties it. Returns when it has gone out. */
    public static void send(OutputStream out, ByteBuffer filled) throws IOException {
        filled.flip();
        if (out instanceof HttpOutput answer) {
            // Past the answer's own buffer, so there is nothing to flush.
            answer.write(filled);
        } else {
            byte[] bytes = new byte[filled.remaining()];
            filled.get(bytes);
            out.write(bytes);
            out.flush();
        }
        filled.clear();
    }
}
