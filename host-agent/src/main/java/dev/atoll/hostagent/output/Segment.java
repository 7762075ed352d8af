package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One file of a log and what is known of it without reading it: where it begins and ends in each numbering, and a frame header about every
 * {@value #INDEX_STEP_BYTES} bytes. Guarded by the lock of its log.
 */
final class Segment {
    static final int INDEX_STEP_BYTES = 64 * 1024;

    /** A place at which a frame header lies. */
    record Place(long filePosition, long merged, long stdout) {
        long offset(StreamChoice choice) {
            return switch (choice) {
                case ALL -> merged;
                case STDOUT -> stdout;
                case STDERR -> merged - stdout;
            };
        }
    }

    private static final Place[] NONE = {};
    private static final int FIRST_INDEXED = 4;

    private final SegmentFiles files;
    private final Place start;
    private long fileEnd = SegmentFormat.SEGMENT_HEADER_BYTES;
    private long mergedEnd;
    private long stdoutEnd;
    private Place[] index = NONE;
    private int indexed;

    Segment(SegmentFiles files, long merged, long stdout) {
        this.files = files;
        this.start = new Place(SegmentFormat.SEGMENT_HEADER_BYTES, merged, stdout);
        this.mergedEnd = merged;
        this.stdoutEnd = stdout;
    }

    Path file() {
        return files.fileFor(start.merged());
    }

    long fileEnd() {
        return fileEnd;
    }

    boolean isEmpty() {
        return fileEnd == SegmentFormat.SEGMENT_HEADER_BYTES;
    }

    /** Takes note of a frame that was written at the end. */
    void added(StdStream stream, int length) {
        Place last = indexed == 0 ? start : index[indexed - 1];
        if (fileEnd - last.filePosition() >= INDEX_STEP_BYTES) {
            if (indexed == index.length) {
                index = Arrays.copyOf(index, Math.max(FIRST_INDEXED, indexed * 2));
            }
            index[indexed++] = new Place(fileEnd, mergedEnd, stdoutEnd);
        }
        fileEnd += SegmentFormat.FRAME_HEADER_BYTES + length;
        mergedEnd += length;
        stdoutEnd += stream == StdStream.STDOUT ? length : 0;
    }

    long start(StreamChoice choice) {
        return start.offset(choice);
    }

    long end(StreamChoice choice) {
        return new Place(fileEnd, mergedEnd, stdoutEnd).offset(choice);
    }

    /** Takes no more: what was kept for more is given back. */
    void complete() {
        index = indexed == index.length ? index : Arrays.copyOf(index, indexed);
    }

    /** The last indexed place at or before an offset. */
    Place placeBefore(StreamChoice choice, long offset) {
        int low = 0;
        int high = indexed;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (index[middle].offset(choice) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? start : index[low - 1];
    }
}
