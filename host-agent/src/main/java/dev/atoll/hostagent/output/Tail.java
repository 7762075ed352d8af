package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The newest frames of a log in memory, for readers that keep up with it: they need not read from disk what has just been written. It is
 * closed, and costs nothing, until a reader waits at the end, and closes again when nobody takes what it holds. Guarded by the lock of its
 * log.
 */
final class Tail {
    /** Most bytes in one: what a guest may send before it is acknowledged. */
    static final int MOST_BYTES = 512 * 1024;

    /** Most bytes in all of a host: readers beyond it read from disk. */
    static final long MOST_OF_ALL_BYTES = 8L << 20;

    /** What a frame takes besides its bytes, about. */
    private static final int OVERHEAD_BYTES = 96;

    /** A frame as it was written; its offsets in the merged order and in that of stdout. */
    record Piece(StdStream stream, long micros, long merged, long stdout, ByteBuffer bytes) {
        long start(StreamChoice choice) {
            return switch (choice) {
                case ALL -> merged;
                case STDOUT -> stdout;
                case STDERR -> merged - stdout;
            };
        }

        long end(StreamChoice choice) {
            return start(choice) + (choice.includes(stream) ? bytes.limit() : 0);
        }

        int weight() {
            return bytes.limit() + OVERHEAD_BYTES;
        }
    }

    private final AtomicLong ofAll;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>(1);
    private boolean open;
    private long weight;
    /** Up to where, in the merged order, somebody has taken what was here. */
    private long taken;

    /** {@code ofAll} counts the bytes of all tails. */
    Tail(AtomicLong ofAll) {
        this.ofAll = ofAll;
    }

    /** Somebody waits for what is written next. */
    void open() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
        pieces.clear();
        ofAll.addAndGet(-weight);
        weight = 0;
    }

    /** Takes note of a frame that has been written to disk; {@code bytes} may be written to afterwards. */
    void add(StdStream stream, long micros, long merged, long stdout, ByteBuffer bytes) {
        if (!open) {
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes.duplicate()).flip();
        Piece piece = new Piece(stream, micros, merged, stdout, copy);
        pieces.add(piece);
        weight += piece.weight();
        if (ofAll.addAndGet(piece.weight()) > MOST_OF_ALL_BYTES) {
            close();
        }
        while (weight > MOST_BYTES) {
            if (pieces.getFirst().end(StreamChoice.ALL) > taken) {
                close();
            } else {
                removeFirst();
            }
        }
    }

    /**
     * The frames from an offset on, at most about {@code most} bytes; none when the offset does not lie here.
     *
     * @param alone whether nobody else reads the log, so that what is taken need not be kept
     */
    List<Piece> take(StreamChoice choice, long offset, long most, boolean alone) {
        Piece first = pieces.peekFirst();
        if (first == null || first.start(choice) > offset) {
            return List.of();
        }
        List<Piece> found = new ArrayList<>();
        long bytes = 0;
        for (Piece piece : pieces) {
            if (bytes < most && choice.includes(piece.stream()) && piece.end(choice) > offset) {
                found.add(piece);
                bytes += piece.end(choice) - Math.max(offset, piece.start(choice));
                taken = Math.max(taken, piece.end(StreamChoice.ALL));
            }
        }
        while (alone && !pieces.isEmpty() && pieces.getFirst().end(choice) <= offset) {
            removeFirst();
        }
        return found;
    }

    private void removeFirst() {
        Piece gone = pieces.removeFirst();
        weight -= gone.weight();
        ofAll.addAndGet(-gone.weight());
    }
}
