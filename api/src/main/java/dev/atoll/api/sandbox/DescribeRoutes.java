package dev.atoll.api.sandbox;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.Json;
import dev.atoll.manager.describe.Description;
import dev.atoll.manager.describe.SandboxDescriptions;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** A sandbox in words for a prompt, as text or as JSON. */
public final class DescribeRoutes {
    private static final String PLAIN = "text/plain";
    private static final List<String> FORMS = List.of(MediaTypes.JSON, PLAIN);
    private static final int OK = 200;

    private final SandboxDescriptions descriptions;

    public DescribeRoutes(SandboxDescriptions descriptions) {
        this.descriptions = descriptions;
    }

    public List<Route> routes() {
        return List.of(Route.of(
                "describeSandbox",
                Method.GET,
                SandboxRoutes.PATH + "/{sandbox_id}/describe",
                Set.of(),
                this::describe));
    }

    private void describe(Call call) throws IOException {
        SandboxId id = SandboxRoutes.id(call);
        String form = MediaTypes.chosen(call.header("Accept"), FORMS);
        Description description = descriptions.describe(call.caller(), id);
        if (form.equals(PLAIN)) {
            call.answer(OK, MediaTypes.TEXT, description.text().getBytes(StandardCharsets.UTF_8));
        } else {
            call.answer(OK, json -> write(json, description));
        }
    }

    private static void write(JsonGenerator json, Description description) {
        json.writeStartObject();
        json.writeStringProperty("text", description.text());
        Json.orNull(json, "system", description.system());
        json.writeArrayPropertyStart("tools");
        description.tools().forEach(json::writeString);
        json.writeEndArray();
        Json.orNull(json, "cwd", description.cwd());
        Json.orNull(json, "user", description.user());
        json.writeEndObject();
    }
}
