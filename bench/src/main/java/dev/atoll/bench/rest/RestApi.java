package dev.atoll.bench.rest;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The platform's REST API as any client sees it: kept-alive connections, one for each call at a time. A refusal is a {@link
 * RefusedException}; any other {@link IOException} means that it is not known whether the call had an effect. Safe for threads.
 */
public final class RestApi {
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** Longer than the longest wait that the API knows, 60 s. */
    private static final int READ_TIMEOUT_MILLIS = 90_000;

    /** A gigabyte on a slow day. */
    private static final int TRANSFER_TIMEOUT_MILLIS = 600_000;

    private static final int BUFFER_BYTES = 256 * 1_024;
    private static final int FIRST_REFUSAL = 300;

    /**
     * What has to be said to the JVM before the first call: no POST is sent twice behind our back, and as many connections are kept
     * as there are callers.
     */
    public static final Map<String, String> SYSTEM_PROPERTIES =
            Map.of("sun.net.http.retryPost", "false", "http.maxConnections", "512");

    private final String url;
    private final String key;
    private final Supplier<String> idempotencyKeys;

    /** @param idempotencyKeys names for requests that are sent once */
    public RestApi(String url, String key, Supplier<String> idempotencyKeys) {
        this.url = url;
        this.key = key;
        this.idempotencyKeys = idempotencyKeys;
    }

    public Answer get(String path) throws IOException {
        return send(open("GET", path), "GET " + path, "", new byte[0]);
    }

    public Answer delete(String path) throws IOException {
        return send(open("DELETE", path), "DELETE " + path, "", new byte[0]);
    }

    public Answer put(String path, byte[] bytes) throws IOException {
        return send(open("PUT", path), "PUT " + path, "application/octet-stream", bytes);
    }

    /** Sends a request of its own. */
    public Answer post(String path, byte[] json) throws IOException {
        return post(path, idempotencyKeys.get(), "application/json", json);
    }

    /** Sends a request under a name, perhaps again. */
    public Answer post(String path, String idempotencyKey, String type, byte[] body) throws IOException {
        HttpURLConnection connection = open("POST", path);
        if (!idempotencyKey.isEmpty()) {
            connection.setRequestProperty("Idempotency-Key", idempotencyKey);
        }
        return send(connection, "POST " + path, type, body);
    }

    /** The lines of a page for people or scrapers, such as metrics. */
    public String text(String path) throws IOException {
        HttpURLConnection connection = open("GET", path);
        connection.setRequestProperty("Accept", "*/*");
        int status = connection.getResponseCode();
        String text = body(connection, status);
        if (status >= FIRST_REFUSAL) {
            throw new RefusedException("GET " + path, status, problem(text));
        }
        return text;
    }

    /** Sends a file as it is. */
    public Answer upload(String path, Path file) throws IOException {
        HttpURLConnection connection = open("PUT", path);
        connection.setReadTimeout(TRANSFER_TIMEOUT_MILLIS);
        connection.setRequestProperty("Content-Type", "application/octet-stream");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(Files.size(file));
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = connection.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        }
        return answer(connection, "PUT " + path);
    }

    /** Receives content into a file; how many bytes. */
    public long download(String path, Path file) throws IOException {
        HttpURLConnection connection = open("GET", path);
        connection.setReadTimeout(TRANSFER_TIMEOUT_MILLIS);
        connection.setRequestProperty("Accept", "*/*");
        int status = connection.getResponseCode();
        if (status >= FIRST_REFUSAL) {
            throw new RefusedException("GET " + path, status, problem(body(connection, status)));
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        try (InputStream in = connection.getInputStream();
                OutputStream out = Files.newOutputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                total += count;
            }
        }
        return total;
    }

    /** The output of an exec from its beginning, as it comes. */
    public FrameStream follow(String path) throws IOException {
        HttpURLConnection connection = open("GET", path);
        connection.setRequestProperty("Accept", FrameStream.MEDIA_TYPE);
        int status = connection.getResponseCode();
        if (status >= FIRST_REFUSAL) {
            throw new RefusedException("GET " + path, status, problem(body(connection, status)));
        }
        return new FrameStream(connection.getInputStream());
    }

    /** A WebSocket to an exec. */
    public AttachedSocket attach(String path) throws IOException {
        return AttachedSocket.open(URI.create(url), key, path);
    }

    private HttpURLConnection open(String method, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(READ_TIMEOUT_MILLIS);
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "atoll-bench");
        connection.setRequestProperty("Authorization", "Bearer " + key);
        return connection;
    }

    private static Answer send(HttpURLConnection connection, String call, String type, byte[] body) throws IOException {
        if (!type.isEmpty()) {
            connection.setRequestProperty("Content-Type", type);
            connection.setDoOutput(true);
            try (var out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        return answer(connection, call);
    }

    private static Answer answer(HttpURLConnection connection, String call) throws IOException {
        int status = connection.getResponseCode();
        String text = body(connection, status);
        if (status < 200 || status >= FIRST_REFUSAL) {
            throw new RefusedException(call, status, problem(text));
        }
        String timing = connection.getHeaderField(ServerTiming.HEADER);
        try {
            JsonObject json =
                    text.isEmpty() ? new JsonObject() : JsonParser.object().from(text);
            return new Answer(status, json, timing == null ? Map.of() : ServerTiming.parse(timing));
        } catch (JsonParserException noJson) {
            throw new IOException(call + " was not answered with JSON", noJson);
        }
    }

    private static String body(HttpURLConnection connection, int status) throws IOException {
        InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (stream == null) {
            return "";
        }
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonObject problem(String text) {
        try {
            return JsonParser.object().from(text);
        } catch (JsonParserException noProblem) {
            return JsonObject.builder().value("detail", text).done();
        }
    }
}
