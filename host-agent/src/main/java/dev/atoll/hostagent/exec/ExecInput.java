package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The stdin of one exec, by offset. Nothing is buffered here: bytes go to the guest as far as it has room, and whoever sends more waits.
 * Bytes
 * below the present offset have been sent and are dropped, so a repeated call is harmless. Thread-safe.
 */
public final class ExecInput {
    /** The offset behind everything that was sent before. */
    public static final long APPEND = -1;

    private final int number;
    /** Held by one writer until all of its bytes are taken or its patience is over, so that what two append is not mixed. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long next;
    private boolean closed;
    /** Set when the process cannot take any more; {@link #closed} is then set as well. */
    private boolean abandoned;

    /**
     * What was taken.
     *
     * @param offset where the first byte of the call belongs
     * @param nextOffset where the next byte goes
     */
    public record Accepted(long offset, long nextOffset, boolean closed) {}

    ExecInput(int number, boolean open) {
        this.number = number;
        this.closed = !open;
        this.abandoned = !open;
    }

    /** That of an exec which is over, and had been sent so many bytes. */
    static ExecInput over(int number, long sent) {
        ExecInput input = new ExecInput(number, false);
        input.next = sent;
        return input;
    }

    /**
     * Sends bytes, waiting up to {@code patience} for the process to take more. What others send meanwhile comes after it.
     *
     * @param offset where they belong, or {@link #APPEND}
     * @throws dev.atoll.model.problem.ProblemException {@code input_gap}, {@code input_closed}
     */
    Accepted write(GuestLink link, long offset, ByteBuffer bytes, boolean close, Duration patience)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        if (!turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return state();
        }
        try {
            return writeInTurn(link, offset == APPEND ? state().nextOffset() : offset, bytes, close, until);
        } finally {
            turn.unlock();
        }
    }

    private Accepted writeInTurn(GuestLink link, long offset, ByteBuffer bytes, boolean close, long until)
            throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireTakeable(offset, bytes.remaining());
            long end = offset + bytes.remaining();
            long left = until - System.nanoTime();
            int start = bytes.position();
            while (next < end && !closed) {
                bytes.position(start + (int) (next - offset));
                int sent = link.writeInput(number, next, bytes);
                next += sent;
                if (next < end) {
                    if (left <= 0) {
                        return new Accepted(offset, next, closed);
                    }
                    left = changed.awaitNanos(left);
                }
            }
            if (close && !closed && next == end) {
                closed = true;
                changed.signalAll();
                link.closeInput(number, next);
            }
            return new Accepted(offset, next, closed);
        } finally {
            lock.unlock();
        }
    }

    /** After a restart: the process's stdin goes on here, as the guest has it. */
    void resumeAt(long accepted, boolean stdinClosed) {
        lock.lock();
        try {
            next = accepted;
            closed = closed || stdinClosed;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The guest has room again. */
    void credited() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads it any more. */
    void abandon() {
        lock.lock();
        try {
            closed = true;
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Accepted state() {
        lock.lock();
        try {
            return new Accepted(next, next, closed);
        } finally {
            lock.unlock();
        }
    }

    private void requireTakeable(long offset, int length) {
        if (offset > next && !closed) {
            throw Problem.of(
                            ProblemCode.INPUT_GAP,
                            "The input starts at offset " + offset + " and " + next + " bytes have arrived.",
                            "Send from offset " + next + " on.")
                    .asException();
        }
        if (closed && offset + length > next) {
            throw Problem.of(
                            ProblemCode.INPUT_CLOSED,
                            abandoned
                                    ? "The process does not read stdin, or has closed it."
                                    : "stdin was closed at offset " + next + ".",
                            "Start the exec with stdin=true to send input, and close it last.")
                    .asException();
        }
    }
}
