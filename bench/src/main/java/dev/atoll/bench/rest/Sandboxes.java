package dev.atoll.bench.rest;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Sandboxes and execs over REST, each call with its wait. Safe for threads. */
public final class Sandboxes {
    private static final String WAIT = "?wait=60s";
    private static final int MOST_WAITS = 10;

    private final RestApi api;

    /**
     * A sandbox that runs.
     *
     * @param start how it was started: {@code warm}, {@code cold}, or empty when the platform does not say
     * @param why in words, for a start that was not warm
     */
    public record Running(String id, String start, String why, Map<String, Long> timing) {}

    public Sandboxes(RestApi api) {
        this.api = api;
    }

    /** A new sandbox that runs. When it does not come to run it is deleted, and the exception says why. */
    public Running create(byte[] request) throws IOException {
        Answer made = api.post("/v1/sandboxes" + WAIT, request);
        String id = made.text("id");
        JsonObject now = made.json();
        for (int waits = 1; waits < MOST_WAITS && isOnItsWay(now); waits++) {
            now = api.get("/v1/sandboxes/" + id + WAIT).json();
        }
        if (!now.getString("state", "").equals("running")) {
            api.delete("/v1/sandboxes/" + id + WAIT);
            throw new IOException("the sandbox " + id + " does not run but is " + now.getString("state", "?") + ": "
                    + now.getString("detail", ""));
        }
        JsonObject start = now.getObject("start", new JsonObject());
        return new Running(id, start.getString("kind", ""), start.getString("reason", ""), made.timing());
    }

    private static boolean isOnItsWay(JsonObject sandbox) {
        String state = sandbox.getString("state", "");
        return state.equals("requested") || state.equals("preparing");
    }

    /** The body of a request that runs a command. */
    public static byte[] command(List<String> argv) {
        JsonObject body = new JsonObject();
        body.put("argv", new JsonArray(argv));
        return JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
    }

    /** Runs a command to its end; where the platform's time went. An exception when it does not exit with 0. */
    public Map<String, Long> exec(String sandbox, byte[] command) throws IOException {
        Answer ended = api.post("/v1/sandboxes/" + sandbox + "/execs" + WAIT, command);
        requireSuccess(ended.json());
        return ended.timing();
    }

    /** Runs a command in a sandbox of its own; an exception when it does not exit with 0. */
    public void run(byte[] run) throws IOException {
        requireSuccess(api.post("/v1/runs" + WAIT, run).json().getObject("exec", new JsonObject()));
    }

    /** Starts a command; the path of its exec. */
    public String start(String sandbox, byte[] command) throws IOException {
        Answer started = api.post("/v1/sandboxes/" + sandbox + "/execs", command);
        return "/v1/sandboxes/" + sandbox + "/execs/" + started.text("id");
    }

    /** Waits for the end of an exec; the bytes that it ever wrote. An exception when it does not exit with 0. */
    public long await(String exec) throws IOException {
        JsonObject now = api.get(exec + WAIT).json();
        for (int waits = 1; waits < MOST_WAITS && now.getString("state", "").equals("running"); waits++) {
            now = api.get(exec + WAIT).json();
        }
        requireSuccess(now);
        return now.getObject("output").getLong("total_bytes", 0);
    }

    /** Reads all output of an exec while it runs; the number of bytes. */
    public long drain(String exec) throws IOException {
        try (FrameStream output = api.follow(exec + "/output")) {
            return output.drain();
        }
    }

    /** Waits a second for the end of a sandbox; whether it has not ended. */
    public boolean runsOn(String sandbox) throws IOException {
        return !api.get("/v1/sandboxes/" + sandbox + "?wait=1s&until=stopped")
                .text("state")
                .equals("stopped");
    }

    private static void requireSuccess(JsonObject exec) throws IOException {
        if (!exec.getString("reason", "").equals("exited") || exec.getInt("exit_code", -1) != 0) {
            throw new IOException("a command did not succeed: " + JsonWriter.string(exec));
        }
    }

    /** Deletes a sandbox; returns when nothing of it is left. */
    public Map<String, Long> delete(String sandbox) throws IOException {
        Answer gone = api.delete("/v1/sandboxes/" + sandbox + WAIT);
        for (int waits = 1; waits < MOST_WAITS && gone.text("state").equals("stopping"); waits++) {
            gone = api.get("/v1/sandboxes/" + sandbox + WAIT + "&until=stopped");
        }
        if (!gone.text("state").equals("stopped")) {
            throw new IOException("the sandbox " + sandbox + " is still " + gone.text("state"));
        }
        return gone.timing();
    }
}
