package dev.atoll.hostagent.output;

import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects a page. Neighbouring pieces of one stream that came within {@value #JOIN_MICROS} µs become one frame of at most {@value
 * #JOIN_BYTES}
 * bytes: a program that writes line by line does not cost its readers a frame per line.
 */
final class PageBuilder {
    static final int JOIN_BYTES = 64 * 1024;
    static final long JOIN_MICROS = 10_000;

    private static final int FIRST_JOIN_BYTES = 4 * 1024;

    private final List<OutputFrame> frames = new ArrayList<>();
    private long nextOffset;
    private long room;

    private byte @Nullable [] joined;
    private int joinedLength;
    private StdStream joinedStream = StdStream.STDOUT;
    private long joinedMicros;

    PageBuilder(long offset, long maxBytes) {
        this.nextOffset = offset;
        this.room = maxBytes;
    }

    boolean isEmpty() {
        return frames.isEmpty() && joined == null;
    }

    boolean hasRoom() {
        return room > 0;
    }

    long nextOffset() {
        return nextOffset;
    }

    /** Takes up to {@code length} bytes from the buffer and returns how many. */
    int add(StdStream stream, long micros, ByteBuffer buffer, int length) {
        int taken = (int) Math.min(length, room);
        boolean joins = joined != null
                && joinedStream == stream
                && micros - joinedMicros <= JOIN_MICROS
                && joinedLength + taken <= JOIN_BYTES;
        if (!joins) {
            flush();
            joined = new byte[Math.max(taken, FIRST_JOIN_BYTES)];
            joinedStream = stream;
            joinedMicros = micros;
        }
        buffer.get(withRoomFor(taken), joinedLength, taken);
        joinedLength += taken;
        nextOffset += taken;
        room -= taken;
        return taken;
    }

    /** Takes an array as a frame of its own, without a copy: nobody may write to it any more. It must fit into the room that is left. */
    void addWhole(StdStream stream, long micros, byte[] bytes) {
        flush();
        frames.add(new OutputFrame(stream, nextOffset, time(micros), bytes));
        nextOffset += bytes.length;
        room -= bytes.length;
    }

    boolean hasRoomFor(int length) {
        return room >= length;
    }

    OutputPage build(boolean eof) {
        flush();
        return new OutputPage(frames, nextOffset, eof);
    }

    private byte[] withRoomFor(int more) {
        byte[] bytes = joined == null ? new byte[more] : joined;
        if (bytes.length < joinedLength + more) {
            bytes = Arrays.copyOf(bytes, Math.min(JOIN_BYTES, Math.max(joinedLength + more, bytes.length * 4)));
        }
        joined = bytes;
        return bytes;
    }

    private void flush() {
        byte[] bytes = joined;
        if (bytes == null) {
            return;
        }
        byte[] exact = bytes.length == joinedLength ? bytes : Arrays.copyOf(bytes, joinedLength);
        frames.add(new OutputFrame(joinedStream, nextOffset - joinedLength, time(joinedMicros), exact));
        joined = null;
        joinedLength = 0;
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
