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
import org.jspecify.annotations.Nullable;

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
    private final LeanHttp lean;

    /** @param idempotencyKeys names for requests that are sent once */
    public RestApi(String url, String key, Supplier<String> idempotencyKeys) {
        this.url = url;
        this.key = key;
        this.idempotencyKeys = idempotencyKeys;
        this.lean = new LeanHttp(url, key);
    }

    public Answer get(String path) throws IOException {
        return send("GET", path, Map.of(), new byte[0]);
    }

    public Answer delete(String path) throws IOException {
        return send("DELETE", path, Map.of(), new byte[0]);
    }

    public Answer put(String path, byte[] bytes) throws IOException {
        return send("PUT", path, Map.of("Content-Type", "application/octet-stream"), bytes);
    }

    /** Sends a request of its own. */
    public Answer post(String path, byte[] json) throws IOException {
        return post(path, idempotencyKeys.get(), "application/json", json);
    }

    /** Sends a request under a name, perhaps again. */
    public Answer post(String path, String idempotencyKey, String type, byte[] body) throws IOException {
        Map<String, String> headers = idempotencyKey.isEmpty()
                ? Map.of("Content-Type", type)
                : Map.of("Content-Type", type, "Idempotency-Key", idempotencyKey);
        return send("POST", path, headers, body);
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
        int status = connection.getResponseCode();
        return answer("PUT " + path, status, null, body(connection, status));
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

    private Answer send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        LeanHttp.Response response = lean.call(method, path, headers, body);
        return answer(
                method + " " + path, response.status(), response.headers().get(ServerTiming.HEADER), response.text());
    }

    private static Answer answer(String call, int status, @Nullable String timing, String text) throws IOException {
        if (status < 200 || status >= FIRST_REFUSAL) {
            throw new RefusedException(call, status, problem(text));
        }
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
