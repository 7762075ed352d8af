package dev.atoll.api.http;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The heap that large bodies and answers may take, all requests together, and no more than half of it for one caller. Without it a few
 * dozen bodies of 24 MiB would fill the heap, and everybody's calls, the database and the sandboxes' output would stand still. Requests
 * wait for room before they are read. Thread-safe.
 */
final class RequestMemory {
    /** What is smaller is not counted: the number of connections bounds it. */
    static final int SMALL_BYTES = 32 << 10;

    /** How long a body waits for room. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a JSON body takes while it is read: as bytes, as characters, as values and as what is made of these. */
    static final int TIMES_WHILE_READ = 6;

    /** What an answer takes while it is written, with the room that its buffer has ahead and the copy at the end. */
    static final int TIMES_WHILE_WRITTEN = 3;

    /** What of it may live until the request has been answered. */
    static final int TIMES_UNTIL_ANSWERED = 3;

    private final long most;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<String, Long> taken = new HashMap<>();
    private long total;

    RequestMemory(long most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /** Three eighths of the largest heap: the rest is for what is not counted here and for the collector. */
    static RequestMemory ofHeap() {
        return new RequestMemory(Runtime.getRuntime().maxMemory() / 8 * 3, PATIENCE);
    }

    /** What one request takes; nothing yet. {@code whose} is who shares a half. */
    Share share(String whose) {
        return new Share(whose);
    }

    /** For the thread of its request. */
    final class Share implements AutoCloseable {
        private final String whose;
        private long held;

        private Share(String whose) {
            this.whose = whose;
        }

        /** Waits until so much more can be had. Throws {@code too_many_transfers} when it cannot be had in time. */
        void take(long bytes) {
            take(bytes, patience);
        }

        /** Takes it at once or throws, for what is in memory already and is then dropped. */
        void takeNow(long bytes) {
            take(bytes, Duration.ZERO);
        }

        /** Takes it whether there is room or not, for what is in memory and cannot be dropped: others wait instead. */
        void takeAnyway(long bytes) {
            lock.lock();
            try {
                change(bytes > SMALL_BYTES ? bytes : 0);
            } finally {
                lock.unlock();
            }
        }

        private void take(long bytes, Duration atMost) {
            if (bytes <= SMALL_BYTES) {
                return;
            }
            lock.lock();
            try {
                // What is larger than a half has one to itself.
                long more = Math.max(0, Math.min(bytes, most / 2 - held));
                long left = atMost.toNanos();
                while (!hasRoom(more)) {
                    if (left <= 0) {
                        throw tooMuch();
                    }
                    left = freed.awaitNanos(left);
                }
                change(more);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                        .asException();
            } finally {
                lock.unlock();
            }
        }

        long held() {
            return held;
        }

        /** Gives back all but so much. */
        void keep(long bytes) {
            lock.lock();
            try {
                change(Math.min(bytes, held) - held);
                freed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            if (held > 0) {
                keep(0);
            }
        }

        private boolean hasRoom(long more) {
            return total + more <= most && taken.getOrDefault(whose, 0L) + more <= most / 2;
        }

        private void change(long by) {
            held += by;
            total += by;
            long mine = taken.getOrDefault(whose, 0L) + by;
            if (mine == 0) {
                taken.remove(whose);
            } else {
                taken.put(whose, mine);
            }
        }
    }

    private static ProblemException tooMuch() {
        return Problem.of(
                        ProblemCode.TOO_MANY_TRANSFERS,
                        "As many large requests are being carried out as fit into memory.",
                        "Ask again in a moment, with fewer at the same time or with smaller ones.")
                .asException();
    }
}
