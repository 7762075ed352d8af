package dev.atoll.api.sandbox;

import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.manager.idle.Lifetimes;
import dev.atoll.manager.store.SandboxPage;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.IdlePolicy;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes sandboxes. The values of an environment are never written: they may be secrets. */
final class SandboxJson {
    private SandboxJson() {}

    /**
     * What is not the sandbox's own record.
     *
     * @param holds that are valid now
     * @param lastUsed as its host has it
     */
    record Seen(int holds, Optional<Instant> lastUsed) {}

    static void writePage(JsonGenerator json, SandboxPage page, Lifetimes lifetimes) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        page.items()
                .forEach(sandbox ->
                        write(json, sandbox, sandbox.detail(), new Seen(lifetimes.holds(sandbox), Optional.empty())));
        json.writeEndArray();
        Json.orNull(json, "next_cursor", page.nextCursor());
        json.writeEndObject();
    }

    /** {@code detail} is what is said of its present state. */
    static void write(JsonGenerator json, Sandbox sandbox, String detail, Seen seen) {
        SandboxSpec spec = sandbox.spec();
        json.writeStartObject();
        json.writeStringProperty("id", sandbox.id().value());
        Json.orNull(json, "name", spec.name());
        json.writeStringProperty("image", spec.image().value());
        Json.orNull(json, "image_id", sandbox.imageId());
        json.writeStringProperty("state", Words.of(sandbox.state()));
        Json.orNull(json, "reason", sandbox.reason().map(EndReason::word));
        Json.textOrNull(json, "detail", detail);
        json.writeObjectPropertyStart("resources");
        json.writeStringProperty("cpu", spec.size().cpu().toString());
        json.writeStringProperty("memory", spec.size().memory().toString());
        json.writeStringProperty("disk", spec.size().disk().toString());
        json.writeNumberProperty("pids", spec.size().pids());
        json.writeEndObject();
        writeStart(json, sandbox.start());
        json.writeObjectPropertyStart("network");
        json.writeStringProperty("mode", Network.MODE);
        json.writeStringProperty("detail", Network.DETAIL);
        json.writeEndObject();
        json.writeStringProperty("ttl", TimeSpan.format(spec.ttl()));
        writeIdle(json, spec.idle());
        json.writeNumberProperty("holds", seen.holds());
        Json.timeOrNull(json, "last_used_at", seen.lastUsed());
        json.writeArrayPropertyStart("env_names");
        spec.env().keySet().stream().sorted().forEach(json::writeString);
        json.writeEndArray();
        Json.texts(json, "labels", spec.labels());
        json.writeNumberProperty("generation", sandbox.generation());
        Json.time(json, "created_at", sandbox.createdAt());
        Json.timeOrNull(json, "started_at", sandbox.startedAt());
        Json.timeOrNull(json, "ended_at", sandbox.endedAt());
        Json.time(json, "expires_at", sandbox.expiresAt());
        json.writeEndObject();
    }

    private static void writeIdle(JsonGenerator json, Optional<IdlePolicy> idle) {
        if (idle.isEmpty()) {
            json.writeNullProperty("idle");
            return;
        }
        json.writeObjectPropertyStart("idle");
        json.writeStringProperty("after", TimeSpan.format(idle.get().after()));
        json.writeStringProperty("action", SandboxRequest.IDLE_ACTION);
        json.writeBooleanProperty("processes", idle.get().processes());
        json.writeEndObject();
    }

    private static void writeStart(JsonGenerator json, Optional<SandboxStart> start) {
        if (start.isEmpty()) {
            json.writeNullProperty("start");
            return;
        }
        json.writeObjectPropertyStart("start");
        json.writeStringProperty("kind", start.get().kind().word());
        json.writeStringProperty("reason", start.get().word());
        json.writeEndObject();
    }
}
