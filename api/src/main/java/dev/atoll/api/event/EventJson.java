package dev.atoll.api.event;

import dev.atoll.api.json.Json;
import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.LoggedEvent;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes events. */
final class EventJson {
    private EventJson() {}

    /** {@code after} is where the page began: an empty one ends there too. */
    static void writePage(JsonGenerator json, List<LoggedEvent> events, EventPosition after) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        events.forEach(event -> write(json, event));
        json.writeEndArray();
        EventPosition next = events.isEmpty() ? after : events.getLast().position();
        json.writeStringProperty("next_cursor", next.toString());
        json.writeEndObject();
    }

    static void write(JsonGenerator json, LoggedEvent event) {
        json.writeStartObject();
        json.writeStringProperty("cursor", event.position().toString());
        json.writeStringProperty("sandbox_id", event.sandbox().value());
        json.writeStringProperty("type", event.type().word());
        Json.time(json, "time", event.at());
        Json.texts(json, "facts", event.facts());
        json.writeEndObject();
    }
}
