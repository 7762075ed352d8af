package dev.atoll.hostagent.journal;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Records as the bytes of journal entries. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            // A field that is younger than the record.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Json() {}

    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** The value in a record; nothing when a version of this program with other records wrote it. */
    public static <T> Optional<T> read(byte[] record, Class<T> type) {
        try {
            return Optional.of(MAPPER.readValue(record, type));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
