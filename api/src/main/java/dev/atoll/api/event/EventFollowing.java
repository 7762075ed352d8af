package dev.atoll.api.event;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.json.Json;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends events to clients that stay connected, as server-sent events whose ids are their cursors. Thread-safe; closing it ends every stream
 * with a problem that says so.
 */
public final class EventFollowing implements AutoCloseable {
    /** Streams at a time. */
    public static final int MAX_STREAMS = 1_000;

    private static final int BATCH = 500;

    /** Silence after which a stream says that it lives. */
    private static final Duration KEEP_ALIVE_EVERY = Duration.ofSeconds(15);

    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Set<Thread> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /** Where events come from. */
    interface Source {
        List<LoggedEvent> read(EventPosition after, int limit, Duration wait);
    }

    void follow(Call call, Source source, EventPosition after) throws IOException {
        if (open.size() >= MAX_STREAMS) {
            throw Problem.of(
                            ProblemCode.CAPACITY,
                            "The platform sends " + MAX_STREAMS + " streams of events already.",
                            "Read pages instead: Accept: application/json, with wait.")
                    .asException();
        }
        open.add(Thread.currentThread());
        try {
            // A problem that shows at once is answered with its status.
            List<LoggedEvent> first = source.read(after, BATCH, Duration.ZERO);
            OutputStream out = call.begin(MediaTypes.EVENT_STREAM);
            if (!call.headersOnly()) {
                out.flush();
                write(call, out, source, first, after);
            }
        } finally {
            open.remove(Thread.currentThread());
        }
    }

    private void write(Call call, OutputStream out, Source source, List<LoggedEvent> first, EventPosition after)
            throws IOException {
        try {
            List<LoggedEvent> events = first;
            EventPosition last = after;
            boolean waited = false;
            while (!closing) {
                for (LoggedEvent event : events) {
                    event(
                            out,
                            "id: " + event.position() + "\nevent: "
                                    + event.type().word() + "\ndata: ",
                            Json.bytes(json -> EventJson.write(json, event)));
                    last = event.position();
                }
                if (events.isEmpty() && waited) {
                    out.write(KEEP_ALIVE);
                }
                out.flush();
                waited = true;
                events = source.read(last, BATCH, KEEP_ALIVE_EVERY);
            }
            throw shuttingDown();
        } catch (ProblemException e) {
            Problem problem = closing ? shuttingDown().problem() : e.problem();
            event(out, "event: error\ndata: ", ProblemJson.bytes(problem, call.requestId()));
            out.flush();
        }
    }

    private static void event(OutputStream out, String head, byte[] data) throws IOException {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(data);
        out.write(EVENT_END);
    }

    private static ProblemException shuttingDown() {
        return Problem.of(
                        ProblemCode.SHUTTING_DOWN,
                        "The platform is shutting down.",
                        "Connect again later after the last event; none is lost.")
                .asException();
    }

    @Override
    public void close() {
        closing = true;
        open.forEach(Thread::interrupt);
    }
}
