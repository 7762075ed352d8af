package dev.atoll.isolation.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes, however it is split, into frames. Its memory is one buffer of fixed size. Not thread-safe.
 *
 * @param <F> the frames of one direction
 */
final class FrameDecoder<F> {
    /** Room for several large frames: fewer reads and fewer compactions than with just one. */
    private static final int MAX_FRAMES_BUFFERED = 4;

    private final FrameCodec<F> codec;
    private final ByteBuffer buffer;

    FrameDecoder(FrameCodec<F> codec) {
        this.codec = codec;
        int capacity = MAX_FRAMES_BUFFERED * (GuestProtocol.HEADER_BYTES + codec.maxPayload());
        buffer = ByteBuffer.allocateDirect(capacity)
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(0);
    }

    /** Blocks until bytes have come; false when the transport is closed. Frames that view the buffer are void afterwards. */
    boolean fill(GuestTransport transport) throws IOException {
        buffer.compact();
        int count;
        try {
            count = transport.read(buffer);
        } finally {
            buffer.flip();
        }
        return count >= 0;
    }

    /** The next whole frame, or null if more bytes are needed. */
    @Nullable
    F next() {
        if (buffer.remaining() < GuestProtocol.HEADER_BYTES) {
            return null;
        }
        FrameHeader header = FrameHeader.peek(buffer, codec.maxPayload());
        int size = GuestProtocol.HEADER_BYTES + header.length();
        if (buffer.remaining() < size) {
            return null;
        }
        ByteBuffer payload = buffer.slice(buffer.position() + GuestProtocol.HEADER_BYTES, header.length());
        buffer.position(buffer.position() + size);
        return codec.decode(header, payload);
    }

    /** Drops all that is buffered and tells how much it was. */
    int discard() {
        int dropped = buffer.remaining();
        buffer.position(buffer.limit());
        return dropped;
    }

    /**
     * Drops bytes until {@code wanted} comes next.
     *
     * @return bytes dropped if it was found, otherwise -1 - dropped; a beginning of it at the very end is kept
     */
    int seek(ByteBuffer wanted) {
        int from = buffer.position();
        int last = buffer.limit() - wanted.remaining();
        for (int at = from; at <= last; at++) {
            if (buffer.getInt(at) == GuestProtocol.MAGIC
                    && buffer.slice(at, wanted.remaining()).equals(wanted)) {
                buffer.position(at);
                return at - from;
            }
        }
        buffer.position(Math.max(from, last + 1));
        return -1 - (buffer.position() - from);
    }
}
