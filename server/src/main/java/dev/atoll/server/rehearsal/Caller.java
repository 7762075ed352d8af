package dev.atoll.server.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client of the platform that keeps its connection and insists on the status it expects. Its calls throw {@link IllegalStateException}
 * with the answer when that is another one. Not thread-safe.
 */
final class Caller implements AutoCloseable {
    private static final Duration LONGEST_CALL = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"id\":\"((?:sbx|ex)_[a-z0-9]+)\"");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String platform;
    private final String key;
    private int requests;

    Caller(int port, String key) {
        this.platform = "http://127.0.0.1:" + port;
        this.key = key;
    }

    /** The same platform, called with a key that nobody has. */
    Caller withWrongKey() {
        return new Caller(URI.create(platform).getPort(), "atoll_" + "0".repeat(40));
    }

    String get(int status, String path) throws IOException, InterruptedException {
        return send(status, request(path).GET());
    }

    /** Reads to its end what the platform sends as {@code type}. */
    String read(String path, String type) throws IOException, InterruptedException {
        return send(200, request(path).header("Accept", type).GET());
    }

    String post(int status, String path, String json) throws IOException, InterruptedException {
        return send(
                status,
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "rehearsal-" + requests++)
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    String bytes(int status, String method, String path, byte[] body) throws IOException, InterruptedException {
        return send(
                status,
                request(path)
                        .header("Content-Type", "application/octet-stream")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    String delete(int status, String path) throws IOException, InterruptedException {
        return send(status, request(path).DELETE());
    }

    /** The id of what an answer describes. */
    static String id(String answer) {
        Matcher found = ID.matcher(answer);
        if (!found.find()) {
            throw new IllegalStateException("no id in " + answer);
        }
        return found.group(1);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(platform + path))
                .timeout(LONGEST_CALL)
                .header("Authorization", "Bearer " + key);
    }

    private String send(int expected, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() != expected) {
            throw new IllegalStateException(answer.request().method() + " "
                    + answer.request().uri().getPath() + " was answered with " + answer.statusCode() + " instead of "
                    + expected + ": " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
