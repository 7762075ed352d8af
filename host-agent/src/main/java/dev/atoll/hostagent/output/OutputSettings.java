package dev.atoll.hostagent.output;

import java.time.Duration;

/**
 * How much output is kept, and for whom it is held back.
 *
 * @param retainBytes most bytes kept per exec, headers included; when they are used up the oldest segment goes, or the process waits
 *     while a
 *     reader still needs it
 * @param segmentBytes size of one file; retention works in these steps
 * @param readerPatience how long a reader that makes no progress, or that has left without reaching the end, holds back what it has not
 *     read
 * @param firstReaderGrace how long the beginning is held for a first reader after the exec has started
 */
public record OutputSettings(long retainBytes, int segmentBytes, Duration readerPatience, Duration firstReaderGrace) {
    public static final OutputSettings DEFAULT =
            new OutputSettings(64L << 20, 4 << 20, Duration.ofSeconds(30), Duration.ofSeconds(5));

    /** At least this many segments fit into what is retained, so that a full log never has to drop the one it writes to. */
    private static final int LEAST_SEGMENTS = 4;

    public OutputSettings {
        if (segmentBytes < SegmentFormat.SEGMENT_HEADER_BYTES + SegmentFormat.FRAME_HEADER_BYTES + 1
                || retainBytes < (long) LEAST_SEGMENTS * segmentBytes) {
            throw new IllegalArgumentException(
                    "at least " + LEAST_SEGMENTS + " segments must fit into what is retained");
        }
        if (readerPatience.isNegative() || firstReaderGrace.isNegative()) {
            throw new IllegalArgumentException("patience and grace must not be negative");
        }
    }
}
