package dev.atoll.hostagent.output;

import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StreamChoice;

/**
 * The output of an exec that is over, in as little memory as it takes: a sandbox keeps thousands of them. A log to read it by is made when
 * somebody reads. Thread-safe.
 */
public final class RestingLog {
    private static final Segment[] NONE = {};

    private final OutputStore store;
    private final SegmentFiles files;
    private final long stdoutEnd;
    private final long stderrEnd;
    private volatile Segment[] segments;
    private volatile boolean removed;

    /** Nothing is added to these segments any more. */
    RestingLog(OutputStore store, SegmentFiles files, Segment[] segments, long stdoutEnd, long stderrEnd) {
        this.store = store;
        this.files = files;
        this.segments = segments.length == 0 ? NONE : segments.clone();
        this.stdoutEnd = stdoutEnd;
        this.stderrEnd = stderrEnd;
    }

    /** How much there was and is. */
    public OutputState state() {
        Segment[] kept = segments;
        long first = kept.length == 0 ? stdoutEnd + stderrEnd : kept[0].start(StreamChoice.ALL);
        return new OutputState(stdoutEnd, stderrEnd, first);
    }

    /** Bytes on disk. */
    public long retainedBytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.fileEnd();
        }
        return bytes;
    }

    /** A log that has ended, to be read. What is discarded here meanwhile is gone for it too, unless it has the file open. */
    public OutputLog log() {
        OutputLog log = OutputLog.over(store, files, segments, stdoutEnd, stderrEnd);
        if (removed) {
            log.remove();
        }
        return log;
    }

    /** Drops every byte that is kept. Twice is harmless. */
    public void discard() {
        Segment[] gone = segments;
        segments = NONE;
        for (Segment segment : gone) {
            files.delete(segment.file());
        }
    }

    /** Drops every byte, and says so to readers that come later. Twice is harmless. */
    public void remove() {
        removed = true;
        discard();
    }
}
