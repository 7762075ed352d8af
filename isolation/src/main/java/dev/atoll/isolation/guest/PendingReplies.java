package dev.atoll.isolation.guest;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for their answer, at most {@link GuestProtocol#MAX_OUTSTANDING_REPLIES}: the guest has room for that many answers.
 * Thread-safe.
 */
final class PendingReplies {
    private final Semaphore room = new Semaphore(GuestProtocol.MAX_OUTSTANDING_REPLIES);
    private final AtomicInteger tokens = new AtomicInteger();
    private final ConcurrentHashMap<Integer, CompletableFuture<GuestFrame>> waiting = new ConcurrentHashMap<>();
    private volatile @Nullable IOException ended;

    /** Sends one request under a fresh token. */
    interface Sending {
        void send(int token) throws IOException;
    }

    /** Waits while too many are outstanding. */
    CompletableFuture<GuestFrame> ask(Sending sending) throws IOException {
        room.acquireUninterruptibly();
        int token = tokens.incrementAndGet();
        CompletableFuture<GuestFrame> reply = new CompletableFuture<>();
        waiting.put(token, reply);
        try {
            IOException cause = ended;
            if (cause != null) {
                throw new IOException("the link to the guest has ended", cause);
            }
            sending.send(token);
        } catch (IOException e) {
            if (waiting.remove(token) != null) {
                room.release();
            }
            throw e;
        }
        return reply;
    }

    /** Answers to nobody's question are dropped: they may be for a host that died. */
    void answer(int token, GuestFrame frame) {
        CompletableFuture<GuestFrame> reply = waiting.remove(token);
        if (reply != null) {
            room.release();
            reply.complete(frame);
        }
    }

    /** A new attach: what was asked before is not answered any more. */
    void failAll(IOException cause) {
        for (Integer token : waiting.keySet()) {
            CompletableFuture<GuestFrame> reply = waiting.remove(token);
            if (reply != null) {
                room.release();
                reply.completeExceptionally(cause);
            }
        }
    }

    /** Nothing is answered any more. */
    void end(IOException cause) {
        ended = cause;
        failAll(cause);
    }

    static GuestFrame.Reply reply(GuestFrame frame) {
        if (frame instanceof GuestFrame.Reply reply) {
            return reply;
        }
        throw new GuestProtocolException(GuestProtocolException.Violation.TYPE, "an answer of another kind");
    }

    static GuestClock clock(GuestFrame frame) {
        if (frame instanceof GuestFrame.Pong pong) {
            return new GuestClock(
                    Duration.ofNanos(pong.monotonicNanos()), Instant.EPOCH.plusNanos(pong.realtimeNanos()));
        }
        throw new GuestProtocolException(GuestProtocolException.Violation.TYPE, "an answer of another kind");
    }
}
