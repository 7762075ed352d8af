package dev.atoll.bench;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;

/** Our side: sandboxes and execs over REST. */
final class RestPeer {
    static final String IMAGE = "bench-busybox";
    private static final String WAIT = "?wait=60s";
    private static final byte[] TRUE = bytes("{\"argv\":[\"/bin/true\"]}");

    private final RestApi api;
    private final byte[] sandbox;
    private final LongSupplier clock;

    /**
     * @param cores how many the sandbox may use
     * @param clock nanoseconds
     */
    RestPeer(RestApi api, int cores, LongSupplier clock) {
        this.api = api;
        this.clock = clock;
        this.sandbox = bytes(JsonWriter.string()
                .object()
                .value("image", IMAGE)
                .value("cpu", String.valueOf(cores))
                .end()
                .done());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Gives the platform the image that both sides run. */
    void importImage() throws IOException {
        api.put("/v1/images/" + IMAGE, BusyboxTree.tar());
    }

    /** The id of a new sandbox that runs. */
    String create() throws IOException {
        JsonObject made = api.post("/v1/sandboxes" + WAIT, sandbox);
        String id = made.getString("id", "");
        if (!made.getString("state", "").equals("running")) {
            api.delete("/v1/sandboxes/" + id + WAIT);
            throw new IOException("the sandbox does not run: " + made.getString("detail", ""));
        }
        return id;
    }

    void execTrue(String id) throws IOException {
        JsonObject ended = api.post("/v1/sandboxes/" + id + "/execs" + WAIT, TRUE);
        if (!ended.getString("reason", "").equals("exited") || ended.getInt("exit_code", -1) != 0) {
            throw new IOException("true did not succeed: " + JsonWriter.string(ended));
        }
    }

    void delete(String id) throws IOException {
        JsonObject gone = api.delete("/v1/sandboxes/" + id + WAIT);
        if (!gone.getString("state", "").equals("stopped")) {
            throw new IOException("the sandbox is still " + gone.getString("state", "?"));
        }
    }

    /** From nothing to a first `true` that has finished; the delete is timed apart. */
    Contender creating() {
        return new Contender() {
            @Override
            public String name() {
                return "atoll create + exec true";
            }

            @Override
            public List<String> phases() {
                return List.of("total", "create call", "exec call", "delete call");
            }

            @Override
            public Round round() throws IOException {
                long start = clock.getAsLong();
                String id = create();
                long created = clock.getAsLong();
                long ran = created;
                long deleted;
                try {
                    execTrue(id);
                    ran = clock.getAsLong();
                } finally {
                    delete(id);
                    deleted = clock.getAsLong();
                }
                return Round.of(ran - start, created - start, ran - created, deleted - ran);
            }
        };
    }

    /** `true` in the sandbox {@code id}. */
    Contender executing(String id) {
        return new Contender() {
            @Override
            public String name() {
                return "atoll exec true";
            }

            @Override
            public List<String> phases() {
                return List.of("total");
            }

            @Override
            public Round round() throws IOException {
                long start = clock.getAsLong();
                execTrue(id);
                return Round.of(clock.getAsLong() - start);
            }
        };
    }
}
