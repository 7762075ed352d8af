package dev.atoll.cli.http;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API.
 *
 * @param method {@code GET}, {@code PUT}, {@code POST} or {@code DELETE}
 * @param path with the query, from the slash on
 * @param contentType of the body, or empty when there is none
 * @param body the bytes; kept, so that the request can be sent again
 * @param key the idempotency key of a POST: every repeat of this request carries the same one
 * @param readTimeoutMillis longest silence while the answer is awaited
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are sent and never compared
record Request(
        String method,
        String path,
        String contentType,
        byte[] body,
        @Nullable String key,
        int readTimeoutMillis) {
    /** Longer than the longest {@code wait} that the API knows, 60 s, by enough for a busy machine. */
    static final int READ_TIMEOUT_MILLIS = 90_000;

    private static final byte[] NONE = {};

    static Request get(String path) {
        return new Request("GET", path, "", NONE, null, READ_TIMEOUT_MILLIS);
    }

    static Request delete(String path) {
        return new Request("DELETE", path, "", NONE, null, READ_TIMEOUT_MILLIS);
    }

    static Request put(String path, JsonObject body) {
        byte[] json = JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
        return new Request("PUT", path, "application/json", json, null, READ_TIMEOUT_MILLIS);
    }

    static Request post(String path, String key) {
        return new Request("POST", path, "", NONE, key, READ_TIMEOUT_MILLIS);
    }

    static Request post(String path, JsonObject body, String key) {
        byte[] json = JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
        return new Request("POST", path, "application/json", json, key, READ_TIMEOUT_MILLIS);
    }

    static Request post(String path, byte[] bytes, String key) {
        return new Request("POST", path, "application/octet-stream", bytes, key, READ_TIMEOUT_MILLIS);
    }
}
