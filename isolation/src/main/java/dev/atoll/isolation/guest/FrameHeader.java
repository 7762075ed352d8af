package dev.atoll.isolation.guest;

import dev.atoll.isolation.guest.GuestProtocolException.Violation;
import java.nio.ByteBuffer;

/**
 * The 16 bytes before every payload, little-endian: magic u32, type u8, flags u8 and reserved u16 (all zero), exec or token u32, payload
 * length u32.
 */
record FrameHeader(int type, int exec, int length) {
    static final int LENGTH_AT = 12;

    static void write(ByteBuffer out, int type, int exec) {
        out.putInt(GuestProtocol.MAGIC)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(exec)
                .putInt(0);
    }

    /** Sets the length of the frame that began at {@code start} and ends at the position of {@code out}. */
    static void finish(ByteBuffer out, int start) {
        out.putInt(start + LENGTH_AT, out.position() - start - GuestProtocol.HEADER_BYTES);
    }

    /** Reads the header at the position without moving it; the buffer holds at least {@link GuestProtocol#HEADER_BYTES}. */
    static FrameHeader peek(ByteBuffer in, int maxPayload) {
        int at = in.position();
        if (in.getInt(at) != GuestProtocol.MAGIC) {
            throw new GuestProtocolException(Violation.MAGIC, "a frame does not begin with the magic number");
        }
        if (in.get(at + 5) != 0 || in.getShort(at + 6) != 0) {
            throw new GuestProtocolException(Violation.FIELD, "flags or reserved bytes are set");
        }
        int length = in.getInt(at + LENGTH_AT);
        if (length < 0 || length > maxPayload) {
            throw new GuestProtocolException(Violation.LENGTH, "payload of " + Integer.toUnsignedString(length));
        }
        return new FrameHeader(in.get(at + 4) & 0xff, in.getInt(at + 8), length);
    }
}
