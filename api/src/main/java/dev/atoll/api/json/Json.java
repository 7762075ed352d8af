package dev.atoll.api.json;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON. Thread-safe. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final int USUAL_SIZE = 1_024;

    private Json() {}

    /** What {@code document} writes, as UTF-8. */
    public static byte[] bytes(Consumer<JsonGenerator> document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            document.accept(json);
        }
        return out.toByteArray();
    }

    /** The text, or null when it is empty: for people's texts that may be missing. */
    public static void textOrNull(JsonGenerator json, String name, String text) {
        if (text.isEmpty()) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, text);
        }
    }

    /** The value's {@code toString}, or null. */
    public static void orNull(JsonGenerator json, String name, Optional<?> value) {
        textOrNull(json, name, value.map(Object::toString).orElse(""));
    }

    /** RFC 3339 in UTC, to the microsecond. */
    public static void time(JsonGenerator json, String name, Instant time) {
        json.writeStringProperty(name, text(time));
    }

    public static void timeOrNull(JsonGenerator json, String name, Optional<Instant> time) {
        textOrNull(json, name, time.map(Json::text).orElse(""));
    }

    /** An object of texts, by name. */
    public static void texts(JsonGenerator json, String name, Map<String, String> texts) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(texts).forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
