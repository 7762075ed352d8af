package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.json.Json;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.manager.exec.Attachment;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.file.Watches;
import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends changes to clients that stay connected, as server-sent events. A client that leaves ends its watch. Thread-safe; closing it ends
 * every stream with a problem that says so.
 */
public final class WatchFollowing implements AutoCloseable {
    /** Streams at a time. */
    public static final int MAX_STREAMS = 2_000;

    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Files files;
    private final Set<FileExchange> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    public WatchFollowing(Files files) {
        this.files = files;
    }

    void follow(Call call, FileAccess access, FileOperation.Watch watch) throws IOException {
        if (open.size() >= MAX_STREAMS) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_WATCHES,
                            "The platform sends " + MAX_STREAMS + " streams of changes already.",
                            "Try again later.")
                    .asException();
        }
        try (FileExchange exchange = files.begin(access, watch)) {
            open.add(exchange);
            try {
                Watches.awaitBegin(exchange);
                OutputStream out = call.begin(MediaTypes.EVENT_STREAM);
                if (!call.headersOnly()) {
                    write(call, exchange, out);
                }
            } finally {
                open.remove(exchange);
            }
        }
    }

    private void write(Call call, FileExchange exchange, OutputStream out) throws IOException {
        event(out, "watching", "{}".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        try {
            boolean more = true;
            while (more) {
                Optional<FileEvent> event = exchange.next(Attachment.KEEP_ALIVE);
                if (closing) {
                    throw shuttingDown();
                }
                if (event.isEmpty()) {
                    out.write(KEEP_ALIVE);
                } else {
                    more = told(out, event.get());
                }
                out.flush();
            }
        } catch (ProblemException e) {
            Problem problem = closing ? shuttingDown().problem() : e.problem();
            event(out, "error", ProblemJson.bytes(problem, call.requestId()));
            out.flush();
        }
    }

    private static boolean told(OutputStream out, FileEvent event) throws IOException {
        if (event instanceof FileEvent.Change change) {
            event(out, "change", Json.bytes(json -> FileJson.writeChange(json, change)));
        }
        if (event instanceof FileEvent.Done) {
            event(out, "end", "{}".getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        return true;
    }

    /** JSON has no line breaks here, so one data line holds it. */
    private static void event(OutputStream out, String name, byte[] data) throws IOException {
        out.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.write(data);
        out.write(EVENT_END);
    }

    private static ProblemException shuttingDown() {
        return Problem.of(
                        ProblemCode.SHUTTING_DOWN,
                        "The platform is shutting down.",
                        "Connect again later and list the directory: what changed in between was not seen.")
                .asException();
    }

    @Override
    public void close() {
        closing = true;
        open.forEach(FileExchange::close);
    }
}
