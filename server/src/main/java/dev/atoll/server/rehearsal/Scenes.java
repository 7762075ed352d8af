package dev.atoll.server.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What users do, as often as the JVM needs to see which code is hot: some hundreds of execs, some tens of sandboxes, warm and cold, and
 * each of the other calls a few times. Throws {@link IllegalStateException} at the first answer that is not the expected one.
 */
final class Scenes {
    /** Sandboxes made one after the other. */
    private static final int SANDBOXES = 12;

    /** Execs in each, 600 in all: more made no later start faster, and far fewer may leave code out that is hot. */
    private static final int EXECS = 50;

    private static final int COLD_EVERY = 4;
    private static final int LOOK_EVERY = 3;
    private static final String IMAGE = "rehearsal";
    private static final String PROGRAM = "/" + SayProgram.PATH;
    private static final String NOBODY = "/v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa";
    private static final String WAIT = "?wait=60s";
    private static final Pattern SANDBOX_OF_RUN = Pattern.compile("\"sandbox_id\":\"(sbx_[a-z2-7]+)\"");

    private final Caller caller;
    private final FileScenes files;
    private final StateScenes states;

    Scenes(Caller caller) {
        this.caller = caller;
        this.files = new FileScenes(caller);
        this.states = new StateScenes(caller);
    }

    /** Returns when everything was done; no sandbox and no image is left. */
    void play() throws IOException, InterruptedException {
        caller.bytes(201, "PUT", "/v1/images/" + IMAGE, SayProgram.rootArchive());
        for (int number = 0; number < SANDBOXES; number++) {
            if (number % LOOK_EVERY == 0) {
                lookAround();
            }
            liveOnce(number);
        }
        caller.delete(204, "/v1/images/" + IMAGE);
    }

    private void lookAround() throws IOException, InterruptedException {
        caller.get(200, "/healthz");
        caller.get(200, "/readyz");
        caller.get(200, "/metrics");
        caller.get(200, "/openapi.yaml");
        caller.get(200, "/v1/capabilities");
        caller.get(200, "/v1/images");
        caller.get(200, "/v1/images/" + IMAGE);
        caller.get(200, "/v1/sandboxes");
        caller.get(404, NOBODY);
        caller.get(404, "/v1/nothing");
        caller.post(404, NOBODY + "/execs" + WAIT, "{\"argv\":[\"true\"]}");
        caller.post(400, "/v1/sandboxes", "{\"imagine\":true}");
        caller.post(400, "/v1/sandboxes", "{");
        try (Caller stranger = caller.withWrongKey()) {
            stranger.get(401, "/v1/sandboxes");
        }
    }

    private void liveOnce(int number) throws IOException, InterruptedException {
        String created = caller.post(
                201,
                "/v1/sandboxes" + WAIT,
                "{\"image\":\"" + IMAGE + "\",\"memory\":\"128Mi\",\"name\":\"rehearsal-" + number
                        + "\",\"labels\":{\"number\":\"" + number + "\"},\"env\":{\"A\":\"b\"},\"warm\":"
                        + (number % COLD_EVERY != 0) + "}");
        String sandbox = "/v1/sandboxes/" + Caller.id(created);
        caller.get(200, sandbox);
        caller.get(200, "/v1/sandboxes?limit=10");
        for (int exec = 0; exec < EXECS; exec++) {
            run(sandbox, exec);
        }
        feed(sandbox);
        attach(sandbox);
        kill(sandbox);
        caller.get(200, sandbox + "/execs");
        caller.get(200, sandbox + "/describe");
        if (number % LOOK_EVERY == 0) {
            files.play(sandbox);
            states.session(sandbox);
            states.context(sandbox);
            states.life(sandbox);
        }
        runOnce();
        caller.delete(200, sandbox + WAIT);
        caller.get(200, sandbox);
    }

    /** One exec that ends by itself: most say nothing, as most commands do that are counted in thousands. */
    private void run(String sandbox, int number) throws IOException, InterruptedException {
        String answer = caller.post(201, sandbox + "/execs" + WAIT, request(number % 10));
        if (!answer.contains("\"state\":\"ended\"")) {
            throw new IllegalStateException("an exec has not ended: " + answer);
        }
        if (number % 10 == 1) {
            readBack(sandbox + "/execs/" + Caller.id(answer));
        }
    }

    private static String request(int kind) {
        return switch (kind) {
            case 1 -> "{\"argv\":[\"" + PROGRAM + "\",\"hello\\n\"]}";
            case 2 -> "{\"argv\":[\"" + PROGRAM + "\",\"" + "line\\n".repeat(400) + "\"]}";
            case 3 -> "{\"argv\":[\"" + PROGRAM + "\",\"wrong\\n\",\"1\"]}";
            case 4 ->
                "{\"argv\":[\"say\"],\"env\":{\"PATH\":\"/bin\",\"C\":\"d\"},\"cwd\":\"/tmp\",\"timeout\":\"30s\"}";
            case 5 -> "{\"argv\":[\"/bin/nothing\"]}";
            default -> "{\"argv\":[\"" + PROGRAM + "\"]}";
        };
    }

    private void readBack(String exec) throws IOException, InterruptedException {
        caller.get(200, exec);
        caller.get(200, exec + WAIT);
        caller.get(200, exec + "/output");
        caller.get(200, exec + "/output?stream=stdout&limit=1");
        caller.read(exec + "/output", "text/event-stream");
        caller.read(exec + "/output", "application/vnd.atoll.frames");
        caller.get(200, exec + "/output/view?max_output_tokens=100");
        caller.get(200, exec + "/output/view?grep=hello");
    }

    /** A command in a sandbox of its own, which is gone when this returns: its image is to be removed. */
    private void runOnce() throws IOException, InterruptedException {
        String run = caller.post(
                200,
                "/v1/runs" + WAIT,
                "{\"sandbox\":{\"image\":\"" + IMAGE + "\",\"memory\":\"128Mi\"},\"exec\":{\"argv\":[\"" + PROGRAM
                        + "\",\"hello\\n\"]}}");
        Matcher sandbox = SANDBOX_OF_RUN.matcher(run);
        if (!sandbox.find()) {
            throw new IllegalStateException("a run without a sandbox: " + run);
        }
        caller.get(200, "/v1/sandboxes/" + sandbox.group(1) + WAIT + "&until=stopped");
    }

    /** An exec that is sent input while its output is followed. */
    private void feed(String sandbox) throws IOException, InterruptedException {
        byte[] line = "input\n".getBytes(StandardCharsets.US_ASCII);
        String exec = sandbox + "/execs/"
                + Caller.id(caller.post(201, sandbox + "/execs", "{\"argv\":[\"" + PROGRAM + "\"],\"stdin\":true}"));
        caller.bytes(200, "POST", exec + "/input?offset=0", line);
        caller.bytes(200, "POST", exec + "/input?close=true&offset=" + line.length, line);
        caller.read(exec + "/output", "application/vnd.atoll.frames");
    }

    /** The same over a WebSocket. */
    private void attach(String sandbox) throws IOException, InterruptedException {
        String exec = sandbox + "/execs/"
                + Caller.id(caller.post(201, sandbox + "/execs", "{\"argv\":[\"" + PROGRAM + "\"],\"stdin\":true}"));
        caller.attach(exec, "input\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void kill(String sandbox) throws IOException, InterruptedException {
        String exec = sandbox + "/execs/"
                + Caller.id(caller.post(201, sandbox + "/execs", "{\"argv\":[\"" + PROGRAM + "\"],\"stdin\":true}"));
        caller.post(204, exec + "/signal", "{\"signal\":\"SIGTERM\"}");
        caller.get(200, exec + WAIT);
    }
}
