package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files of one log, the oldest first: what is written goes to the last, and what has to go is the first. Guarded by the lock of its
 * log.
 */
final class SegmentChain {
    private final SegmentFiles files;
    private final int segmentBytes;
    private final ArrayDeque<Segment> segments = new ArrayDeque<>(1);
    private @Nullable SegmentWriter writer;
    private long bytes;

    SegmentChain(SegmentFiles files, int segmentBytes) {
        this.files = files;
        this.segmentBytes = segmentBytes;
    }

    SegmentFiles files() {
        return files;
    }

    /** Takes over one that is complete. */
    void adopt(Segment segment) {
        segments.add(segment);
        bytes += segment.fileEnd();
    }

    /** Bytes on disk. */
    long bytes() {
        return bytes;
    }

    @Nullable
    Segment first() {
        return segments.peekFirst();
    }

    @Nullable
    Segment last() {
        return segments.peekLast();
    }

    /** Writes a frame behind all others; {@code merged} and {@code stdout} are its offsets. When that fails, nothing is changed. */
    void write(StdStream stream, ByteBuffer data, long micros, long merged, long stdout) throws IOException {
        int length = data.remaining();
        SegmentWriter into = writerFor(length, merged, stdout);
        into.write(new SegmentFormat.FrameHeader(stream, length, micros, merged), data);
        segments.getLast().added(stream, length);
        bytes += SegmentFormat.FRAME_HEADER_BYTES + length;
    }

    private SegmentWriter writerFor(int length, long merged, long stdout) throws IOException {
        Segment last = segments.peekLast();
        long need = (long) SegmentFormat.FRAME_HEADER_BYTES + length;
        if (last == null || (!last.isEmpty() && last.fileEnd() + need > segmentBytes)) {
            rest();
            last = new Segment(files, merged, stdout);
            writer = SegmentWriter.create(last.file(), new SegmentFormat.SegmentHeader(merged, stdout));
            segments.add(last);
            bytes += SegmentFormat.SEGMENT_HEADER_BYTES;
        }
        SegmentWriter open = writer;
        if (open == null) {
            open = SegmentWriter.reopen(last.file(), last.fileEnd());
            writer = open;
        }
        return open;
    }

    /** The segment that holds the byte at an offset; empty when none does. */
    Optional<Segment> holding(StreamChoice choice, long offset) {
        return segments.stream().filter(segment -> offset < segment.end(choice)).findFirst();
    }

    /** Drops the oldest until there are at most so many bytes, or it is needed; false when it is. The last one always stays. */
    boolean shrink(long most, Predicate<Segment> needed) {
        while (bytes > most && segments.size() > 1) {
            Segment oldest = segments.getFirst();
            if (needed.test(oldest)) {
                return false;
            }
            segments.removeFirst();
            bytes -= oldest.fileEnd();
            files.delete(oldest.file());
        }
        return true;
    }

    /** Lets go of the descriptor it writes through; a later write opens it again. */
    void rest() {
        SegmentWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    /** Drops all. */
    void discard() {
        rest();
        segments.forEach(segment -> files.delete(segment.file()));
        segments.clear();
        bytes = 0;
    }

    /** What there is, to which nothing is added any more. */
    Segment[] complete() {
        rest();
        segments.forEach(Segment::complete);
        return segments.toArray(Segment[]::new);
    }
}
