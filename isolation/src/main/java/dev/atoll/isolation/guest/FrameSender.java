package dev.atoll.isolation.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/** Writes host frames one at a time; messages larger than a frame go out in parts, one message after the other. Thread-safe. */
final class FrameSender {
    private final HostFrameCodec codec = new HostFrameCodec();
    private final GuestTransport transport;
    private final ReentrantLock frameLock = new ReentrantLock();

    /** The guest assembles one message at a time, so parts of two must not mix; other frames may come between. */
    private final ReentrantLock messageLock = new ReentrantLock();

    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(GuestProtocol.MAX_HOST_FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    FrameSender(GuestTransport transport) {
        this.transport = transport;
    }

    void send(HostFrame frame) throws IOException {
        frameLock.lock();
        try {
            buffer.clear();
            codec.encode(frame, buffer);
            transport.write(buffer.flip());
        } finally {
            frameLock.unlock();
        }
    }

    /** {@code frame} makes the frame for the part at an offset. */
    void sendInParts(ByteBuffer message, BiFunction<Integer, ByteBuffer, HostFrame> frame) throws IOException {
        messageLock.lock();
        try {
            int total = message.remaining();
            for (int at = 0; at < total; at += HostFrameCodec.MAX_PART) {
                int length = Math.min(HostFrameCodec.MAX_PART, total - at);
                send(frame.apply(at, message.slice(message.position() + at, length)));
            }
        } finally {
            messageLock.unlock();
        }
    }
}
