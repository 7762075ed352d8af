package dev.atoll.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * The sending side of one WebSocket. What is sent has left this process's memory when the call returns, so a slow client holds one message
 * and no more. Thread-safe.
 */
public final class WebSocketLink {
    /** Everything is said. */
    public static final int NORMAL = 1_000;

    /** Silence, in spite of pings, after which a client is taken for gone. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(60);

    /** How long a client may take to answer a close before its connection is cut. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private static final int MAX_REASON_CHARACTERS = 120;

    private final Session session;
    private final ReentrantLock sending = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long heardAt = System.nanoTime();
    private volatile boolean handling;
    private volatile int closeCode = NORMAL;
    private volatile String closeReason = "";

    WebSocketLink(Session session) {
        this.session = session;
    }

    /** From now on the client's messages are read; those that came before have waited. */
    public void listen() {
        session.demand();
    }

    /** Sends one binary message, waiting for its turn and until the connection has taken it. */
    public void send(ByteBuffer message) throws IOException {
        sending.lock();
        try {
            await(message);
        } finally {
            sending.unlock();
        }
    }

    /** Like {@link #send}, unless something is being sent: then it is false, and whoever sends that may send this after it. */
    public boolean trySend(ByteBuffer message) throws IOException {
        if (!sending.tryLock()) {
            return false;
        }
        try {
            await(message);
            return true;
        } finally {
            sending.unlock();
        }
    }

    /** Asks the client for a sign of life. Throws when it has not given any for {@link #MOST_SILENCE}. */
    public void ping() throws IOException {
        if (!handling && System.nanoTime() - heardAt > MOST_SILENCE.toNanos()) {
            throw new IOException("the client is silent");
        }
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    /** Says how the socket is to be closed when its service has ended. The last word counts. */
    public void closeWith(int code, String reason) {
        closeCode = code;
        closeReason = reason.length() > MAX_REASON_CHARACTERS ? reason.substring(0, MAX_REASON_CHARACTERS) : reason;
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    /** Between the arrival of a message and the end of its handling nobody reads, so silence means nothing. */
    void handles(boolean now) {
        heard();
        handling = now;
    }

    void isClosed() {
        closed.countDown();
    }

    /** Closes in order, and by force when the client does not answer. Twice is harmless. */
    public void close() {
        session.close(closeCode, closeReason, Callback.NOOP);
        try {
            if (!closed.await(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                session.disconnect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.disconnect();
        }
    }

    void cut() {
        session.disconnect();
    }

    private void await(ByteBuffer message) throws IOException {
        Callback.Completable sent = new Callback.Completable();
        session.sendBinary(message, sent);
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IOException("the client has left", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        }
    }
}
