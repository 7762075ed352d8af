package dev.atoll.api.image;

import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.model.image.Image;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes images. */
final class ImageJson {
    private ImageJson() {}

    static void writeList(JsonGenerator json, List<Image> images) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        images.forEach(image -> write(json, image));
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, Image image) {
        json.writeStartObject();
        json.writeStringProperty("name", image.name().value());
        Json.orNull(json, "id", image.id());
        json.writeStringProperty("state", Words.of(image.state()));
        json.writeNumberProperty("size_bytes", image.sizeBytes());
        Json.textOrNull(json, "progress", image.progress());
        Json.time(json, "created_at", image.createdAt());
        json.writeEndObject();
    }
}
