package dev.atoll.hostagent.output;

import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The output of one exec: frames of both streams in the order in which they came, in bounded files on disk. Every byte has an offset in the
 * merged order and one in its own stream, and is read by offset as often as anyone likes, until retention drops it.
 *
 * <p><b>Flow</b>: {@link #append} never waits. What it takes is acknowledged to the guest only while the log has room; a full log whose
 * oldest
 * part a reader still needs is silent, the guest's window runs out, and the process waits. So a log is at most one guest window per
 * stream over
 * its limit.
 *
 * <p><b>Threads</b>: one thread appends (the guest's link); any thread reads. A byte is acknowledged after its write(2) has returned: it
 * is then
 * the kernel's and survives the death of this process.
 */
public final class OutputLog {
    private final SegmentFiles files;
    private final OutputSettings settings;
    private final Clock clock;
    private final OutputStore store;
    private final Acknowledgements acknowledgements;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private final ReaderHolds holds;
    private @Nullable SegmentWriter writer;
    private long stdoutEnd;
    private long stderrEnd;
    private long retainedBytes;
    private boolean ended;
    private boolean removed;
    private @Nullable Problem failure;

    OutputLog(SegmentFiles files, OutputStore store, Acknowledger acknowledger) {
        this.files = files;
        this.settings = store.settings();
        this.clock = store.clock();
        this.store = store;
        this.acknowledgements = new Acknowledgements(acknowledger);
        this.holds = new ReaderHolds(
                settings.readerPatience().toNanos(), settings.firstReaderGrace().toNanos(), store.nanos());
    }

    /** Takes over what an earlier life wrote. */
    void adopt(Segment segment) {
        segments.add(segment);
        retainedBytes += segment.fileEnd();
        stdoutEnd = segment.end(StreamChoice.STDOUT);
        stderrEnd = segment.end(StreamChoice.STDERR);
    }

    /**
     * Goes on at these offsets at least: what lies between the end and them is lost, and with it what lies before, because what is kept
     * has no holes. For a log that could not be written, or was let go of, in an earlier life.
     */
    public void resumeAt(long stdout, long stderr) {
        boolean behind = end(StdStream.STDOUT) < stdout || end(StdStream.STDERR) < stderr;
        if (behind) {
            discard();
            locked(() -> {
                stdoutEnd = Math.max(stdoutEnd, stdout);
                stderrEnd = Math.max(stderrEnd, stderr);
            });
        }
    }

    /**
     * Takes bytes of a stream. Bytes below the stream's end are known and dropped.
     *
     * @param offset of the first byte in its stream
     * @throws IllegalArgumentException when the bytes leave a gap
     */
    public void append(StdStream stream, long offset, ByteBuffer bytes) {
        lock.lock();
        try {
            long end = stream == StdStream.STDOUT ? stdoutEnd : stderrEnd;
            if (offset > end) {
                throw new IllegalArgumentException("output of " + stream + " leaves a gap at " + end);
            }
            ByteBuffer fresh = bytes.slice();
            fresh.position((int) Math.min(fresh.limit(), end - offset));
            if (fresh.hasRemaining()) {
                write(stream, fresh.slice());
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        settle();
    }

    /** Nothing that the exec's own process wrote comes any more: readers that reach the end are told so. */
    public void end() {
        locked(() -> ended = true);
    }

    /** Lets go of the descriptor it writes through; a later append opens it again. */
    public void rest() {
        locked(this::closeWriter);
    }

    /** How much there is and was. */
    public OutputState state() {
        lock.lock();
        try {
            return new OutputState(stdoutEnd, stderrEnd, firstOffset(StreamChoice.ALL));
        } finally {
            lock.unlock();
        }
    }

    /** Where a stream ends: how far the guest need not go back when it is attached again. */
    public long end(StdStream stream) {
        OutputState state = state();
        return stream == StdStream.STDOUT ? state.stdoutBytes() : state.stderrBytes();
    }

    /** Bytes on disk. */
    public long retainedBytes() {
        lock.lock();
        try {
            return retainedBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A reader at an offset.
     *
     * @throws ProblemException {@code output_gone} when the offset is below what is kept, {@code offset_beyond_end} when there is no such
     * byte yet
     */
    public OutputCursor attach(StreamChoice choice, long offset) {
        lock.lock();
        try {
            requireReadable(choice, offset);
            return new OutputCursor(this, store, choice, offset, holds.attach(choice, offset, store.nanos()));
        } finally {
            lock.unlock();
        }
    }

    /** Drops every byte that is kept; offsets go on. For logs whose room is needed elsewhere. */
    public void discard() {
        locked(() -> {
            closeWriter();
            segments.forEach(segment -> files.delete(segment.file()));
            segments.clear();
            retainedBytes = 0;
        });
    }

    /** Removes all files. Readers that are not at the end get a problem. Twice is harmless. */
    public void remove() {
        discard();
        locked(() -> removed = true);
    }

    /** Looks again whether there is room, after time has passed or a reader has read. Acknowledges what may be acknowledged. */
    void settle() {
        lock.lock();
        try {
            if (makeRoom()) {
                acknowledgements.allow(stdoutEnd, stderrEnd);
                store.satisfied(this);
            } else {
                store.starved(this);
            }
        } finally {
            lock.unlock();
        }
        if (acknowledgements.send()) {
            store.owing(acknowledgements);
        }
    }

    /** Where to find the bytes at an offset: empty when there are none now. Called by cursors. */
    Optional<Found> find(StreamChoice choice, long offset) {
        lock.lock();
        try {
            requireReadable(choice, offset);
            for (Segment segment : segments) {
                if (offset < segment.end(choice)) {
                    return Optional.of(new Found(segment, segment.placeBefore(choice, offset), segment.fileEnd()));
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** How far a segment has been written by now. */
    long fileEnd(Segment segment) {
        lock.lock();
        try {
            return segment.fileEnd();
        } finally {
            lock.unlock();
        }
    }

    /** A segment, a frame header in it at or before the wanted offset, and where the file ends now. */
    record Found(Segment segment, Segment.Place place, long fileEnd) {}

    boolean isEnd(StreamChoice choice, long offset) {
        lock.lock();
        try {
            return ended && offset >= endOf(choice);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is neither a byte at an offset, nor an end, nor a problem. */
    boolean isIdle(StreamChoice choice, long offset) {
        lock.lock();
        try {
            return offset >= endOf(choice) && !ended && !removed && failure == null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait look again. */
    void wake() {
        locked(() -> {});
    }

    void progressed(ReaderHolds.Hold hold, long offset) {
        lock.lock();
        try {
            holds.progressed(hold, offset, store.nanos());
        } finally {
            lock.unlock();
        }
        if (store.isStarved(this)) {
            settle();
        }
    }

    void detach(ReaderHolds.Hold hold, boolean sawEnd) {
        locked(() -> holds.detach(hold, sawEnd));
        settle();
    }

    /** Waits for a byte at an offset, for the end, or for the time to be over. */
    void await(ReaderHolds.Hold hold, StreamChoice choice, long offset, Duration patience, BooleanSupplier canceled)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            holds.waiting(hold, true, store.nanos());
            while (left > 0 && isIdle(choice, offset) && !canceled.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            holds.waiting(hold, false, store.nanos());
            lock.unlock();
        }
    }

    private void write(StdStream stream, ByteBuffer bytes) {
        if (removed || failure != null) {
            advance(stream, bytes.remaining());
            return;
        }
        int length = bytes.remaining();
        try {
            Instant now = clock.instant();
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
            SegmentWriter into = writerFor(length);
            into.write(new SegmentFormat.FrameHeader(stream, length, micros, stdoutEnd + stderrEnd), bytes);
            segments.getLast().added(stream, length);
            retainedBytes += SegmentFormat.FRAME_HEADER_BYTES + length;
            advance(stream, length);
            store.wrote(length);
        } catch (IOException e) {
            failure = OutputProblems.NOT_KEPT;
            store.failed(files.name(), e);
            advance(stream, length);
        }
    }

    private void advance(StdStream stream, int length) {
        if (stream == StdStream.STDOUT) {
            stdoutEnd += length;
        } else {
            stderrEnd += length;
        }
    }

    private SegmentWriter writerFor(int length) throws IOException {
        Segment last = segments.peekLast();
        long need = (long) SegmentFormat.FRAME_HEADER_BYTES + length;
        boolean full = last == null || (!last.isEmpty() && last.fileEnd() + need > settings.segmentBytes());
        if (full) {
            closeWriter();
            long merged = stdoutEnd + stderrEnd;
            last = new Segment(files.fileFor(merged), merged, stdoutEnd);
            writer = SegmentWriter.create(last.file(), new SegmentFormat.SegmentHeader(merged, stdoutEnd));
            segments.add(last);
            retainedBytes += SegmentFormat.SEGMENT_HEADER_BYTES;
        }
        SegmentWriter open = writer;
        if (open == null) {
            open = SegmentWriter.reopen(
                    segments.getLast().file(), segments.getLast().fileEnd());
            writer = open;
        }
        return open;
    }

    private boolean makeRoom() {
        while (retainedBytes > settings.retainBytes() && segments.size() > 1) {
            Segment oldest = segments.getFirst();
            if (holds.need(oldest, store.nanos())) {
                return false;
            }
            segments.removeFirst();
            retainedBytes -= oldest.fileEnd();
            files.delete(oldest.file());
        }
        return true;
    }

    private void requireReadable(StreamChoice choice, long offset) {
        Problem broken = failure;
        if (offset > endOf(choice)) {
            throw OutputProblems.beyondEnd(offset, endOf(choice));
        }
        if (broken != null && offset >= keptEnd(choice)) {
            throw broken.asException();
        }
        if (removed) {
            throw OutputProblems.removed();
        }
        if (offset < firstOffset(choice)) {
            throw OutputProblems.gone(firstOffset(choice), settings.retainBytes());
        }
    }

    private long keptEnd(StreamChoice choice) {
        Segment last = segments.peekLast();
        return last == null ? 0 : last.end(choice);
    }

    private long firstOffset(StreamChoice choice) {
        Segment first = segments.peekFirst();
        return first == null ? endOf(choice) : first.start(choice);
    }

    private long endOf(StreamChoice choice) {
        return switch (choice) {
            case ALL -> stdoutEnd + stderrEnd;
            case STDOUT -> stdoutEnd;
            case STDERR -> stderrEnd;
        };
    }

    private void closeWriter() {
        SegmentWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
