package dev.atoll.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What one WebSocket is for. */
public interface WebSocketService {
    /**
     * Serves the client until this returns; the socket then closes as the link was told to. Nothing that the client sends is read before
     * {@link WebSocketLink#listen}. On a virtual thread of its own. An {@link IOException} says that the client has left.
     */
    void run(WebSocketLink link) throws IOException;

    /** A binary message; the next one is not read before this returns. On another thread than {@link #run}, one at a time. */
    void message(ByteBuffer message);

    /** The client has left, or may no longer be listened to: {@link #run} is to end. On any thread, maybe more than once. */
    void left();
}
