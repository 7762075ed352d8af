package dev.atoll.cli.code;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Shows what happens in a run until it has ended: what it writes on our stdout and stderr, what it shows as text on stdout, tracebacks on
 * stderr. Everything once: it goes on by a cursor. Used by one thread, for one run.
 */
final class RunFollower {
    /** How long the platform may be away before it counts as lost, in milliseconds: long enough for it to be restarted. */
    static final long RECONNECT_WITHIN_MILLIS = 60_000;

    private static final String STEP = "30s";
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private String cursor = "";

    RunFollower(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /** Returns why the run ended. */
    String follow(String runPath) {
        String reason = "";
        while (reason.isEmpty()) {
            JsonObject page = page(runPath);
            for (Object event : page.getArray("events")) {
                reason = show((JsonObject) event, reason);
            }
            cursor = page.getString("next_cursor", cursor);
        }
        return reason;
    }

    /** The run as the API tells it, once it has ended. */
    String record(String runPath) {
        long start = timing.nanos();
        while (true) {
            try {
                var answer = api.get(Query.on(runPath).with("wait", STEP).path());
                if (answer.json().getString("state", "").equals("ended")) {
                    return answer.text();
                }
                start = timing.nanos();
            } catch (ProblemException problem) {
                waitAfter(problem, start);
            }
        }
    }

    private JsonObject page(String runPath) {
        long start = timing.nanos();
        while (true) {
            Query query = Query.on(runPath + "/events").with("wait", STEP);
            if (!cursor.isEmpty()) {
                query.with("cursor", cursor);
            }
            try {
                return api.get(query.path()).json();
            } catch (ProblemException problem) {
                waitAfter(problem, start);
            }
        }
    }

    private void waitAfter(ProblemException problem, long start) {
        boolean passes = problem.problem().retryable() || problem.problem().is("platform_lost");
        if (!passes || timing.millisSince(start) > RECONNECT_WITHIN_MILLIS) {
            throw problem;
        }
        timing.pause(PAUSE);
    }

    private String show(JsonObject event, String reason) {
        switch (event.getString("type", "")) {
            case "stdout" -> write(event, streams.out());
            case "stderr" -> write(event, streams.err());
            case "result" -> streams.line(ResultText.of(event.getObject("result", new JsonObject())));
            case "error" -> streams.note(ResultText.ofError(event.getObject("error", new JsonObject())));
            case "end" -> {
                return event.getString("reason", "unknown");
            }
            default -> {
                // An event that a newer platform tells of.
            }
        }
        return reason;
    }

    private static void write(JsonObject event, OutputStream target) {
        String text = event.getString("text");
        byte[] bytes = text == null
                ? Base64.getDecoder().decode(event.getString("base64", ""))
                : text.getBytes(StandardCharsets.UTF_8);
        try {
            target.write(bytes);
        } catch (IOException nobodyReads) {
            throw new ReaderGoneException();
        }
    }
}
