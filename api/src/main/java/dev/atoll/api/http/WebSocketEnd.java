package dev.atoll.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our end of one WebSocket, as Jetty calls it: hands messages to the service one by one and asks for the next when one is done, so that at
 * most one is in memory. Public because Jetty calls it by reflection.
 */
public final class WebSocketEnd implements Session.Listener {
    /** The client sent a kind of data that is not read here. */
    private static final int UNSUPPORTED_DATA = 1_003;

    private static final int MAX_TEXT_BYTES = 1_024;

    /** Of what is sent, so that no output is taken apart; what is received has its own, smaller limit. */
    private static final int MAX_FRAME_BYTES = 256 << 10;

    private static final Logger log = LoggerFactory.getLogger(WebSocketEnd.class);

    private final WebSocketService service;
    private final Executor threads;
    private final int maxMessageBytes;
    private final String requestId;
    private @Nullable Session session;
    private volatile @Nullable WebSocketLink link;
    private volatile boolean over;

    WebSocketEnd(WebSocketService service, Executor threads, int maxMessageBytes, String requestId) {
        this.service = service;
        this.threads = threads;
        this.maxMessageBytes = maxMessageBytes;
        this.requestId = requestId;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        opened.setMaxBinaryMessageSize(maxMessageBytes);
        opened.setMaxFrameSize(MAX_FRAME_BYTES);
        opened.setMaxTextMessageSize(MAX_TEXT_BYTES);
        opened.setIdleTimeout(Duration.ofMillis(HttpLimits.IDLE_TIMEOUT.toMillis()));
        session = opened;
        WebSocketLink made = new WebSocketLink(opened);
        link = made;
        threads.execute(() -> serve(made));
    }

    private void serve(WebSocketLink made) {
        try {
            service.run(made);
            over = true;
            made.close();
        } catch (IOException e) {
            log.debug("{}: the client left: {}", requestId, e.toString());
            over = true;
            made.cut();
        } catch (RuntimeException | Error e) {
            log.error("{}: a WebSocket was broken off", requestId, e);
            over = true;
            made.cut();
        } finally {
            service.left();
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        WebSocketLink to = link;
        if (!over && to != null) {
            to.handles(true);
            try {
                service.message(payload);
            } finally {
                to.handles(false);
            }
        }
        callback.succeed();
        demand();
    }

    @Override
    public void onWebSocketText(String message) {
        WebSocketLink to = link;
        if (!over && to != null) {
            to.closeWith(UNSUPPORTED_DATA, "text messages are not read here");
            service.left();
        }
        demand();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        WebSocketLink to = link;
        if (to != null) {
            to.heard();
        }
        demand();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        log.debug("{}: a WebSocket failed: {}", requestId, cause.toString());
        service.left();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        WebSocketLink to = link;
        if (to != null) {
            to.isClosed();
        }
        service.left();
        callback.succeed();
    }

    private void demand() {
        Session of = session;
        if (of != null && of.isOpen()) {
            of.demand();
        }
    }
}
