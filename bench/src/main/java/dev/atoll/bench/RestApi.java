package dev.atoll.bench;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The platform's REST API as any client sees it: one kept-alive connection, one call at a time, nothing repeated. */
final class RestApi {
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** Longer than the longest wait that the API knows, 60 s. */
    private static final int READ_TIMEOUT_MILLIS = 90_000;

    private final String url;
    private final String key;
    private final Supplier<String> idempotencyKeys;

    RestApi(String url, String key, Supplier<String> idempotencyKeys) {
        this.url = url;
        this.key = key;
        this.idempotencyKeys = idempotencyKeys;
    }

    JsonObject get(String path) throws IOException {
        return send("GET", path, "", new byte[0]);
    }

    JsonObject delete(String path) throws IOException {
        return send("DELETE", path, "", new byte[0]);
    }

    JsonObject post(String path, byte[] json) throws IOException {
        return send("POST", path, "application/json", json);
    }

    JsonObject put(String path, byte[] bytes) throws IOException {
        return send("PUT", path, "application/octet-stream", bytes);
    }

    private JsonObject send(String method, String path, String type, byte[] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(READ_TIMEOUT_MILLIS);
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "atoll-bench");
        connection.setRequestProperty("Authorization", "Bearer " + key);
        if (method.equals("POST")) {
            connection.setRequestProperty("Idempotency-Key", idempotencyKeys.get());
        }
        if (!type.isEmpty()) {
            connection.setRequestProperty("Content-Type", type);
            connection.setDoOutput(true);
            try (var out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        return answer(method + " " + path, connection);
    }

    private static JsonObject answer(String call, HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        String text = "";
        if (stream != null) {
            try (stream) {
                text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        if (status < 200 || status >= 300) {
            throw new IOException(call + " was answered with status " + status + ": " + text);
        }
        try {
            return JsonParser.object().from(text);
        } catch (JsonParserException noJson) {
            throw new IOException(call + " was not answered with JSON", noJson);
        }
    }
}
