package dev.atoll.bench.chaos;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.bench.rest.RefusedException;
import dev.atoll.bench.rest.Sandboxes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The platform as its REST API shows it. */
final class RestWorld implements World {
    /** The label that all sandboxes of a run carry. */
    static final String RUN = "chaos";

    /** The label with the tag. */
    static final String TAG = "op";

    private static final int NOT_FOUND = 404;
    private static final int PAGE = 500;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final String PATIENCE = "30s";

    private final PatientApi api;
    private final String run;

    RestWorld(PatientApi api, String run) {
        this.api = api;
        this.run = run;
    }

    @Override
    public List<SandboxSeen> sandboxes() throws IOException {
        List<SandboxSeen> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = api.get("/v1/sandboxes?limit=" + PAGE + "&label=" + RUN + "=" + run + cursor)
                    .json();
            for (Object item : page.getArray("items")) {
                JsonObject json = (JsonObject) item;
                all.add(new SandboxSeen(
                        json.getString("id", ""),
                        json.getObject("labels").getString(TAG, ""),
                        json.getString("state", ""),
                        json.getString("reason", "")));
            }
            String next = page.getString("next_cursor", "");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return all;
    }

    @Override
    public Optional<ExecSeen> exec(String sandbox, String exec) throws IOException {
        try {
            JsonObject json = api.get(path(sandbox, exec)).json();
            JsonObject output = json.getObject("output");
            return Optional.of(new ExecSeen(
                    json.getString("state", ""),
                    json.getString("reason", ""),
                    json.getInt("exit_code", -1),
                    json.getString("signal", ""),
                    output.getLong("stdout_bytes", 0),
                    output.getLong("stderr_bytes", 0)));
        } catch (RefusedException refused) {
            if (refused.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static String path(String sandbox, String exec) {
        return "/v1/sandboxes/" + sandbox + "/execs/" + exec;
    }

    @Override
    public byte[] output(String sandbox, String exec, Stream stream, long from) throws IOException {
        return page(sandbox, exec, stream, from, "");
    }

    @Override
    public byte[] awaitOutput(String sandbox, String exec, Stream stream, long from) throws IOException {
        return page(sandbox, exec, stream, from, "&wait=" + PATIENCE);
    }

    private byte[] page(String sandbox, String exec, Stream stream, long from, String wait) throws IOException {
        JsonObject page = api.get(path(sandbox, exec) + "/output?offset=" + from + "&limit=" + CHUNK_BYTES + "&stream="
                        + stream.name().toLowerCase(Locale.ROOT) + wait)
                .json();
        return bytes(page.getArray("frames"));
    }

    private static byte[] bytes(JsonArray frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object frame : frames) {
            JsonObject json = (JsonObject) frame;
            String text = json.getString("text");
            all.writeBytes(
                    text != null
                            ? text.getBytes(StandardCharsets.UTF_8)
                            : Base64.getDecoder().decode(json.getString("base64", "")));
        }
        return all.toByteArray();
    }

    /** Asks with a command of its own; the file is there once anything was started. */
    @Override
    public List<String> started(String sandbox) throws IOException {
        byte[] command = Sandboxes.command(
                List.of("/bin/sh", "-c", "[ ! -e " + Program.STARTED + " ] || cat " + Program.STARTED));
        JsonObject exec = api.post("/v1/sandboxes/" + sandbox + "/execs?wait=60s", api.freshKey(), command)
                .json();
        String id = exec.getString("id", "");
        while (exec.getString("state", "").equals("running")) {
            exec = api.get(path(sandbox, id) + "?wait=60s").json();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] more = output(sandbox, id, Stream.STDOUT, 0); more.length > 0; ) {
            all.writeBytes(more);
            more = output(sandbox, id, Stream.STDOUT, all.size());
        }
        return all.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
