package dev.atoll.isolation.guest;

import java.nio.ByteBuffer;

/**
 * Turns the frames of one direction into bytes and back. Stateless.
 *
 * @param <F> the frames
 */
interface FrameCodec<F> {
    /** Largest payload of this direction. */
    int maxPayload();

    /** Appends the whole frame to {@code out}, which is little-endian and has room. */
    void encode(F frame, ByteBuffer out);

    /**
     * {@code payload} is exactly what the header announced; throws {@link GuestProtocolException}. Views of it may live on in the frame.
     */
    F decode(FrameHeader header, ByteBuffer payload);
}
