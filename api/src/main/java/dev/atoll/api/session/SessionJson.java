package dev.atoll.api.session;

import dev.atoll.api.json.Json;
import dev.atoll.manager.session.SessionView;
import dev.atoll.model.session.ShellSession;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes shell sessions. Their environment is not shown: it may hold secrets. */
final class SessionJson {
    private SessionJson() {}

    static void writeList(JsonGenerator json, List<SessionView> sessions) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        sessions.forEach(session -> write(json, session));
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, SessionView view) {
        ShellSession session = view.session();
        json.writeStartObject();
        json.writeStringProperty("id", session.id().value());
        json.writeStringProperty("sandbox_id", session.sandbox().value());
        Json.orNull(json, "name", session.spec().name());
        json.writeStringProperty("shell", session.shell().word());
        json.writeStringProperty("cwd", session.cwd());
        Json.orNull(json, "user", session.spec().user());
        json.writeStringProperty("state", view.busy() ? "busy" : "idle");
        Json.orNull(json, "last_exec_id", session.exec());
        Json.time(json, "created_at", session.createdAt());
        json.writeEndObject();
    }
}
