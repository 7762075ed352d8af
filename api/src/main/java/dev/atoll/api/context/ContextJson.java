package dev.atoll.api.context;

import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.manager.context.ContextView;
import dev.atoll.model.context.CodeContext;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes code contexts. Their environment is not shown: it may hold secrets. */
final class ContextJson {
    private ContextJson() {}

    static void writeList(JsonGenerator json, List<ContextView> contexts) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        contexts.forEach(context -> write(json, context));
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, ContextView view) {
        CodeContext context = view.context();
        json.writeStartObject();
        json.writeStringProperty("id", context.id().value());
        json.writeStringProperty("sandbox_id", context.sandbox().value());
        json.writeStringProperty("language", context.spec().language());
        Json.orNull(json, "cwd", context.spec().cwd());
        Json.orNull(json, "user", context.spec().user());
        json.writeStringProperty("state", Words.of(view.state()));
        json.writeStringProperty("kernel_exec_id", context.kernel().value());
        json.writeNumberProperty("restarts", context.restarts());
        Json.orNull(json, "last_run_id", context.run());
        Json.time(json, "created_at", context.createdAt());
        json.writeEndObject();
    }
}
