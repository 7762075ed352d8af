package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment file, big-endian. A segment header of 32 bytes: magic, first merged offset, first stdout offset, CRC-32C of the 24
 * bytes before, 4 bytes of zero. Then frames: a header of 24 bytes (stream in the top bit and length of the data, CRC-32C of the 20 other
 * bytes,
 * time in microseconds since the epoch, merged offset of the first byte) and the data.
 *
 * <p>Only headers carry a checksum: they make a torn tail recognisable, which is all that the death of this process can leave behind.
 */
final class SegmentFormat {
    static final int SEGMENT_HEADER_BYTES = 32;
    static final int FRAME_HEADER_BYTES = 24;

    /** Longest data of one frame. */
    static final int MAX_FRAME_BYTES = 1 << 20;

    private static final long MAGIC = 0x41544F4C4F555431L;
    private static final int STDERR_BIT = 1 << 31;
    private static final int CRC_AT = 4;

    /** The header of a segment. */
    record SegmentHeader(long merged, long stdout) {}

    /** The header of a frame. */
    record FrameHeader(StdStream stream, int length, long micros, long merged) {}

    private SegmentFormat() {}

    /** Puts a segment header into {@code buffer}. */
    static void put(ByteBuffer buffer, SegmentHeader header) {
        int start = buffer.position();
        buffer.putLong(MAGIC).putLong(header.merged()).putLong(header.stdout());
        buffer.putInt(crc(buffer, start, 24)).putInt(0);
    }

    /** Puts a frame header into {@code buffer}. */
    static void put(ByteBuffer buffer, FrameHeader header) {
        int start = buffer.position();
        buffer.putInt(header.length() | (header.stream() == StdStream.STDERR ? STDERR_BIT : 0));
        buffer.putInt(0).putLong(header.micros()).putLong(header.merged());
        buffer.putInt(start + CRC_AT, crc(buffer, start, FRAME_HEADER_BYTES));
    }

    /** Reads a segment header, or nothing when the bytes are none. */
    static Optional<SegmentHeader> segmentHeader(ByteBuffer buffer) {
        if (buffer.remaining() < SEGMENT_HEADER_BYTES) {
            return Optional.empty();
        }
        int start = buffer.position();
        int sum = crc(buffer, start, 24);
        boolean magic = buffer.getLong() == MAGIC;
        SegmentHeader header = new SegmentHeader(buffer.getLong(), buffer.getLong());
        boolean whole = buffer.getInt() == sum;
        buffer.getInt();
        return magic && whole ? Optional.of(header) : Optional.empty();
    }

    /** Reads a frame header, or nothing when the bytes are none. */
    static Optional<FrameHeader> frameHeader(ByteBuffer buffer) {
        if (buffer.remaining() < FRAME_HEADER_BYTES) {
            return Optional.empty();
        }
        int start = buffer.position();
        int word = buffer.getInt();
        int stored = buffer.getInt();
        long micros = buffer.getLong();
        long merged = buffer.getLong();
        buffer.putInt(start + CRC_AT, 0);
        int sum = crc(buffer, start, FRAME_HEADER_BYTES);
        buffer.putInt(start + CRC_AT, stored);
        int length = word & ~STDERR_BIT;
        if (sum != stored || length == 0 || length > MAX_FRAME_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new FrameHeader(word < 0 ? StdStream.STDERR : StdStream.STDOUT, length, micros, merged));
    }

    private static int crc(ByteBuffer buffer, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(start, length));
        return (int) crc.getValue();
    }
}
