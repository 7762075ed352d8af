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
import java.util.List;
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
 * oldest part a reader still needs is silent, the guest's window runs out, and the process waits. So a log is at most one guest window per
 * stream over its limit.
 *
 * <p><b>Threads</b>: one thread appends (the guest's link); any thread reads. A byte is acknowledged after its write(2) has returned: it
 * is then the kernel's and survives the death of this process.
 */
public final class OutputLog {
    private final OutputSettings settings;
    private final Clock clock;
    private final OutputStore store;
    private final Acknowledgements acknowledgements;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SegmentChain segments;
    private final Tail tail;
    private final ReaderHolds holds;
    private int readers;
    private final StreamEnds ends = new StreamEnds();
    private boolean ended;
    private boolean finished;
    private boolean removed;
    private @Nullable Problem failure;

    OutputLog(SegmentFiles files, OutputStore store, Acknowledger acknowledger) {
        this.settings = store.settings();
        this.segments = new SegmentChain(files, settings.segmentBytes());
        this.tail = new Tail(store.tailBytes());
        this.clock = store.clock();
        this.store = store;
        this.acknowledgements = new Acknowledgements(acknowledger);
        this.holds = new ReaderHolds(
                settings.readerPatience().toNanos(), settings.firstReaderGrace().toNanos(), store.nanos());
    }

    /** One that has ended and takes no more, of which this is left. */
    static OutputLog over(OutputStore store, SegmentFiles files, Segment[] left, long stdoutEnd, long stderrEnd) {
        OutputLog log = new OutputLog(files, store, OutputStore.nobody());
        for (Segment segment : left) {
            log.segments.adopt(segment);
        }
        log.ends.set(stdoutEnd, stderrEnd);
        log.ended = true;
        log.finished = true;
        return log;
    }

    /** Takes over what an earlier life wrote. */
    void adopt(Segment segment) {
        segments.adopt(segment);
        ends.set(segment.end(StreamChoice.STDOUT), segment.end(StreamChoice.STDERR));
    }

    /**
     * Goes on at these offsets at least: what lies between the end and them is lost, and with it what lies before, because what is kept
     * has no holes. For a log that could not be written, or was let go of, in an earlier life.
     */
    public void resumeAt(long stdout, long stderr) {
        boolean behind = end(StdStream.STDOUT) < stdout || end(StdStream.STDERR) < stderr;
        if (behind) {
            discard();
            locked(() -> ends.set(Math.max(ends.stdout(), stdout), Math.max(ends.stderr(), stderr)));
        }
    }

    /**
     * Takes bytes of a stream, and tells those who wait for them. Bytes below the stream's end are known and dropped.
     *
     * @param offset of the first byte in its stream
     * @throws IllegalArgumentException when the bytes leave a gap
     */
    public void append(StdStream stream, long offset, ByteBuffer bytes) {
        take(stream, offset, bytes);
        tell();
    }

    /** As {@link #append}, but nobody is told before {@link #tell}: one wake-up and one acknowledgement for many frames. */
    public void take(StdStream stream, long offset, ByteBuffer bytes) {
        lock.lock();
        try {
            long end = ends.of(stream);
            if (finished) {
                return;
            }
            if (offset > end) {
                throw new IllegalArgumentException("output of " + stream + " leaves a gap at " + end);
            }
            ByteBuffer fresh = bytes.slice();
            fresh.position((int) Math.min(fresh.limit(), end - offset));
            if (fresh.hasRemaining()) {
                write(stream, fresh.slice());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes those who wait for what was taken, and acknowledges it. */
    public void tell() {
        wake();
        settle();
    }

    /** Nothing that the exec's own process wrote comes any more: readers that reach the end are told so. */
    public void end() {
        locked(() -> ended = true);
    }

    /** Lets go of the descriptor it writes through; a later append opens it again. */
    public void rest() {
        locked(segments::rest);
    }

    /**
     * Takes no more from now on, and drops nothing by itself: what there is can be kept without this log. Empty for one that has not ended,
     * was removed or could not be written, which goes on as it is.
     */
    public Optional<RestingLog> finish() {
        lock.lock();
        try {
            if (!ended || removed || failure != null) {
                return Optional.empty();
            }
            finished = true;
            tail.close();
            store.satisfied(this);
            return Optional.of(
                    new RestingLog(store, segments.files(), segments.complete(), ends.stdout(), ends.stderr()));
        } finally {
            lock.unlock();
        }
    }

    /** How much there is and was. */
    public OutputState state() {
        lock.lock();
        try {
            return new OutputState(ends.stdout(), ends.stderr(), firstOffset(StreamChoice.ALL));
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
            return segments.bytes();
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
            readers++;
            return new OutputCursor(this, store, choice, offset, holds.attach(choice, offset, store.nanos()));
        } finally {
            lock.unlock();
        }
    }

    /** Drops every byte that is kept; offsets go on. For logs whose room is needed elsewhere. */
    public void discard() {
        locked(() -> {
            segments.discard();
            tail.close();
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
            if (finished || makeRoom()) {
                acknowledgements.allow(ends.stdout(), ends.stderr());
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
            return segments.holding(choice, offset)
                    .map(segment -> new Found(segment, segment.placeBefore(choice, offset)));
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

    /** A segment, and a frame header in it at or before the wanted offset. */
    record Found(Segment segment, Segment.Place place) {}

    /** The newest frames from an offset on that are still in memory; none when they have to be read from disk. Called by cursors. */
    List<Tail.Piece> tail(StreamChoice choice, long offset, long most) {
        lock.lock();
        try {
            return tail.isOpen() ? tail.take(choice, offset, most, readers == 1) : List.of();
        } finally {
            lock.unlock();
        }
    }

    boolean isEnd(StreamChoice choice, long offset) {
        lock.lock();
        try {
            return ended && offset >= ends.of(choice);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is neither a byte at an offset, nor an end, nor a problem. */
    boolean isIdle(StreamChoice choice, long offset) {
        lock.lock();
        try {
            return offset >= ends.of(choice) && !ended && !removed && failure == null;
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
        locked(() -> {
            holds.detach(hold, sawEnd);
            readers--;
            if (readers == 0) {
                tail.close();
            }
        });
        settle();
    }

    /** Waits for a byte at an offset, for the end, or for the time to be over. */
    void await(ReaderHolds.Hold hold, StreamChoice choice, long offset, Duration patience, BooleanSupplier canceled)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            holds.waiting(hold, true, store.nanos());
            if (isIdle(choice, offset)) {
                tail.open();
            }
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
            ends.advance(stream, bytes.remaining());
            return;
        }
        int length = bytes.remaining();
        try {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            ByteBuffer copied = bytes.duplicate();
            long merged = ends.of(StreamChoice.ALL);
            segments.write(stream, bytes, micros, merged, ends.stdout());
            tail.add(stream, micros, merged, ends.stdout(), copied);
            ends.advance(stream, length);
            store.wrote(length);
        } catch (IOException e) {
            failure = OutputProblems.NOT_KEPT;
            store.failed(segments.files().name(), e);
            ends.advance(stream, length);
        }
    }

    private boolean makeRoom() {
        return segments.shrink(settings.retainBytes(), oldest -> holds.need(oldest, store.nanos()));
    }

    private void requireReadable(StreamChoice choice, long offset) {
        Problem broken = failure;
        if (offset > ends.of(choice)) {
            throw OutputProblems.beyondEnd(offset, ends.of(choice));
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
        Segment last = segments.last();
        return last == null ? 0 : last.end(choice);
    }

    private long firstOffset(StreamChoice choice) {
        Segment first = segments.first();
        return first == null ? ends.of(choice) : first.start(choice);
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
