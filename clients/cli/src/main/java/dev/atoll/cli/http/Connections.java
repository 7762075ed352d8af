package dev.atoll.cli.http;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.util.function.Supplier;

/**
 * Opens HTTP connections with what every call carries. {@link HttpURLConnection} and not {@code java.net.http}: it is ready in 20
 * ms with an AOT cache where the other needs 400, and a command line client makes few calls, one after the other.
 */
final class Connections {
    /** Longest wait for a connection to be accepted, in milliseconds. */
    static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private static final int NONCE_BYTES = 16;

    private final Endpoint endpoint;
    private final Supplier<String> apiKey;

    Connections(Endpoint endpoint, Supplier<String> apiKey) {
        this.endpoint = endpoint;
        this.apiKey = apiKey;
    }

    HttpURLConnection open(String method, String path, int readTimeoutMillis) throws IOException {
        URL url = endpoint.resolve(path).toURL();
        HttpURLConnection connection =
                (HttpURLConnection) (endpoint.isLoopback() ? url.openConnection(Proxy.NO_PROXY) : url.openConnection());
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(readTimeoutMillis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "atoll-cli");
        if (path.startsWith("/v1/")) {
            connection.setRequestProperty("Authorization", "Bearer " + apiKey.get());
        }
        return connection;
    }

    /** Opens a WebSocket at {@code path}. */
    WebSocket attach(String path) throws IOException {
        try (FileInputStream random = new FileInputStream("/dev/urandom")) {
            return WebSocket.open(endpoint, path, apiKey.get(), random.readNBytes(NONCE_BYTES));
        }
    }

    /** Sends {@code request} once and reads the whole answer. */
    Answer exchange(Request request) throws IOException {
        HttpURLConnection connection = open(request.method(), request.path(), request.readTimeoutMillis());
        if (request.key() != null) {
            connection.setRequestProperty("Idempotency-Key", request.key());
        }
        if (request.method().equals("POST") || request.method().equals("PUT")) {
            connection.setDoOutput(true);
            if (!request.contentType().isEmpty()) {
                connection.setRequestProperty("Content-Type", request.contentType());
            }
            try (OutputStream body = connection.getOutputStream()) {
                body.write(request.body());
            }
        }
        return answer(connection);
    }

    /** Reads the answer on a connection whose request has been sent. */
    static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            return Answer.of(0, new byte[0]);
        }
        InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (stream == null) {
            return Answer.of(status, new byte[0]);
        }
        try (stream) {
            return Answer.of(status, stream.readAllBytes());
        }
    }
}
