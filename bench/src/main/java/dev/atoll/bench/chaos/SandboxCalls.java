package dev.atoll.bench.chaos;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.bench.rest.Answer;
import dev.atoll.bench.rest.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What clients do with sandboxes, written down before it is asked for and when it is acknowledged. Safe for threads. */
final class SandboxCalls {
    private static final String WAIT = "?wait=60s";
    private static final String MEMORY = "64Mi";
    /** Longer than any run. */
    private static final String TTL = "7d";

    private final PatientApi api;
    private final History history;
    private final String run;
    private final String image;

    SandboxCalls(PatientApi api, History history, String run, String image) {
        this.api = api;
        this.history = history;
        this.run = run;
        this.image = image;
    }

    /** The id of a sandbox that runs; empty when it is not known whether there is one, or when it ended before it ran. */
    Optional<String> create(String tag, boolean keyed, boolean waits) throws IOException {
        history.creating(tag, keyed);
        String path = "/v1/sandboxes" + (waits ? WAIT : "");
        Answer made;
        if (keyed) {
            made = api.post(path, key(tag), request(tag));
        } else {
            try {
                made = api.postOnce(path, request(tag));
            } catch (RefusedException refused) {
                if (refused.isRetryable()) {
                    return Optional.empty();
                }
                throw refused;
            } catch (IOException unknown) {
                return Optional.empty();
            }
        }
        String id = made.text("id");
        history.created(tag, id);
        String state = made.text("state");
        while (state.equals("requested") || state.equals("preparing")) {
            state = api.get("/v1/sandboxes/" + id + WAIT).text("state");
        }
        if (!state.equals("running")) {
            return Optional.empty();
        }
        history.running(tag);
        return Optional.of(id);
    }

    private byte[] request(String tag) {
        JsonObject labels = new JsonObject();
        labels.put(RestWorld.RUN, run);
        labels.put(RestWorld.TAG, tag);
        return JsonWriter.string(JsonObject.builder()
                        .value("image", image)
                        .value("cpu", "1")
                        .value("memory", MEMORY)
                        .value("ttl", TTL)
                        .value("labels", labels)
                        .done())
                .getBytes(StandardCharsets.UTF_8);
    }

    private String key(String tag) {
        return run + "-" + tag;
    }

    /** Whether a sandbox is still there to be used; false also when nobody says. */
    boolean runs(String id) {
        try {
            return api.get("/v1/sandboxes/" + id).text("state").equals("running");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Deletes a sandbox and waits until it has ended. */
    void delete(String tag, String id) throws IOException {
        history.deleting(tag);
        remove(id);
        history.deleted(tag);
    }

    /** The same for one that no client owns. */
    void remove(String id) throws IOException {
        String state = api.delete("/v1/sandboxes/" + id + WAIT).text("state");
        while (!state.equals("stopped") && !state.equals("failed")) {
            state = api.delete("/v1/sandboxes/" + id + WAIT).text("state");
        }
    }
}
