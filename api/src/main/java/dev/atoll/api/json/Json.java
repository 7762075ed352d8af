package dev.atoll.api.json;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON. Thread-safe. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final int USUAL_SIZE = 1_024;
    private static final int STEP_BYTES = 1 << 20;

    private Json() {}

    /** What {@code document} writes, as UTF-8. */
    public static byte[] bytes(Consumer<JsonGenerator> document) {
        return bytes(document, _ -> {});
    }

    /**
     * The same for a document that may be large.
     *
     * @param growing is told of each MiB before they are written, and may throw
     */
    public static byte[] bytes(Consumer<JsonGenerator> document, IntConsumer growing) {
        ByteArrayOutputStream out = new Growing(growing);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            document.accept(json);
        }
        return out.toByteArray();
    }

    private static final class Growing extends ByteArrayOutputStream {
        private final IntConsumer growing;
        private long told = STEP_BYTES;

        Growing(IntConsumer growing) {
            super(USUAL_SIZE);
            this.growing = growing;
        }

        @Override
        public void write(int one) {
            tell(1);
            super.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            tell(length);
            super.write(bytes, offset, length);
        }

        /** The first step is what any answer may have. */
        private void tell(int more) {
            for (; size() + (long) more > told; told += STEP_BYTES) {
                growing.accept(STEP_BYTES);
            }
        }
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
