package dev.atoll.manager.run;

import dev.atoll.manager.idempotency.RequestHash;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of runs and what becomes of them, as the texts that are kept. */
final class RunDocuments {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            // A field that is younger than the text.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // Equal requests are to be equal texts.
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private RunDocuments() {}

    static String write(Object document) {
        return MAPPER.writeValueAsString(document);
    }

    /** The document in a text; nothing when another version wrote it in a way that this one does not read. */
    static <T> Optional<T> read(String text, Class<T> type) {
        try {
            return Optional.of(MAPPER.readValue(text, type));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Two requests are the same exactly when their texts are. */
    static RequestHash hash(String request) {
        return RequestHash.of("createRun", List.of(request));
    }
}
