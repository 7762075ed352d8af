package dev.atoll.cli.http;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Calls the REST API. Every POST carries an idempotency key, GET and DELETE may be repeated by nature, so a call whose connection
 * breaks is sent again until it is answered or {@link #RETRY_FOR_MILLIS} are over. Every failure is a {@code ProblemException}.
 * May be used by several threads.
 */
public final class ApiClient {
    /** How long a call is repeated when connections break or the platform says that it cannot answer now, in milliseconds. */
    static final long RETRY_FOR_MILLIS = 15_000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Endpoint endpoint;
    private final Connections connections;
    private final Timing timing;
    private final Supplier<String> randomKeys;
    private volatile boolean everAnswered;

    /**
     * @param apiKey called for each request under {@code /v1}; may fail with a problem
     * @param randomKeys makes idempotency keys
     */
    public ApiClient(Endpoint endpoint, Supplier<String> apiKey, Timing timing, Supplier<String> randomKeys) {
        this.endpoint = endpoint;
        this.connections = new Connections(endpoint, apiKey);
        this.timing = timing;
        this.randomKeys = randomKeys;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public Answer get(String path) {
        return send(Request.get(path));
    }

    public Answer delete(String path) {
        return send(Request.delete(path));
    }

    /** Puts JSON; may be repeated by nature. */
    public Answer put(String path, JsonObject body) {
        return send(Request.put(path, body));
    }

    /** Posts JSON. */
    public Answer post(String path, JsonObject body) {
        return send(Request.post(path, body, randomKeys.get()));
    }

    /** Posts nothing: the path says it all. */
    public Answer post(String path) {
        return send(Request.post(path, randomKeys.get()));
    }

    /** Posts raw bytes. */
    public Answer postBytes(String path, byte[] bytes) {
        return send(Request.post(path, bytes, randomKeys.get()));
    }

    /**
     * Asks whether the platform is ready, once and without a key: an answer with status 200 or 503, or a problem when it is not
     * Atoll.
     */
    public Answer readiness() {
        try {
            Answer answer = connections.exchange(Request.get("/readyz"));
            if (answer.text().isEmpty() || !answer.json().isBoolean("ready")) {
                throw Problems.notAtoll("it has no /readyz").asException();
            }
            everAnswered = true;
            return answer;
        } catch (IOException broken) {
            if (neverConnected(broken)) {
                throw Problems.unreachable(endpoint, broken).asException();
            }
            throw Problems.lost(endpoint, "").asException();
        }
    }

    /** Sends an archive of unknown length; sent once, because what is sent can often not be read again. */
    public Answer upload(String path, Upload upload) {
        return checked(upload.send(connections, endpoint, path));
    }

    /** Opens a stream of content; tries once, because what was read of it cannot be given back. Problems are the platform's own. */
    public Download download(String path) {
        return Download.open(connections, endpoint, path);
    }

    /**
     * Opens the stream of output frames at {@code path}; tries once, because its reader knows where to go on. Problems are the
     * platform's own.
     */
    public FrameStream follow(String path) throws IOException {
        return FrameStream.open(connections, path);
    }

    /** Opens a WebSocket at {@code path}; tries once. Problems are the platform's own. */
    public WebSocket attach(String path) throws IOException {
        return connections.attach(path);
    }

    private Answer send(Request request) {
        long start = timing.nanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            boolean mayRepeat = timing.millisSince(start) < RETRY_FOR_MILLIS;
            try {
                Answer answer = connections.exchange(request);
                everAnswered = true;
                if (!mayRepeat || !isBusy(answer)) {
                    return checked(answer);
                }
            } catch (IOException broken) {
                if (!everAnswered && neverConnected(broken)) {
                    throw Problems.unreachable(endpoint, broken).asException();
                }
                if (!mayRepeat) {
                    throw Problems.lost(endpoint, "it could not be reached again")
                            .asException();
                }
            }
            timing.pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** The database is away for a moment: the very same request is worth repeating. */
    private static boolean isBusy(Answer answer) {
        return answer.status() == 503 && Problems.read(answer).is("database_unavailable");
    }

    /** Whether a request cannot have reached anyone: nobody listens, or there is no such host, or no way to it, or no trust in it. */
    static boolean neverConnected(IOException broken) {
        return broken instanceof ConnectException
                || broken instanceof UnknownHostException
                || broken instanceof NoRouteToHostException
                || broken instanceof SSLException;
    }

    private static Answer checked(Answer answer) {
        if (answer.isSuccess()) {
            return answer;
        }
        throw Problems.read(answer).asException();
    }
}
