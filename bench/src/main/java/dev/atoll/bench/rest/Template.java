package dev.atoll.bench.rest;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What sandboxes are alike in. Amounts are written as the API writes them. */
public record Template(String image, String cpu, String memory) {
    /** How a sandbox may be started. */
    public enum Start {
        /** As the platform likes. */
        ANY,
        /** Never one that is kept ready. */
        COLD
    }

    /** The body of a request for such a sandbox. */
    public byte[] request(Start start) {
        return request(start, new JsonObject());
    }

    /** The body of a request that runs a command in such a sandbox and leaves nothing. */
    public byte[] run(List<String> argv) {
        JsonObject sandbox = new JsonObject();
        sandbox.put("image", image);
        sandbox.put("cpu", cpu);
        sandbox.put("memory", memory);
        JsonObject exec = new JsonObject();
        exec.put("argv", new JsonArray(argv));
        JsonObject body = new JsonObject();
        body.put("sandbox", sandbox);
        body.put("exec", exec);
        return JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
    }

    /** The same with labels. */
    public byte[] request(Start start, JsonObject labels) {
        JsonObject body = new JsonObject();
        body.put("image", image);
        body.put("cpu", cpu);
        body.put("memory", memory);
        if (start == Start.COLD) {
            body.put("warm", false);
        }
        if (!labels.isEmpty()) {
            body.put("labels", labels);
        }
        return JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
    }
}
