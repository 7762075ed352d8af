package dev.atoll.server.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client of the platform that keeps its connection and insists on the status it expects. Its calls throw {@link IllegalStateException}
 * with the answer when that is another one. Not thread-safe.
 */
final class Caller implements AutoCloseable {
    private static final Duration LONGEST_CALL = Duration.ofSeconds(60);
    private static final int STDIN = 0;
    private static final int CLOSE_STDIN = 6;
    private static final long APPEND = -1;
    private static final Pattern ID = Pattern.compile("\"id\":\"((?:sbx|ex|ses|ctx|crun)_[a-z0-9]+)\"");

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
        HttpRequest.Builder request = request(path)
                .header("Idempotency-Key", "rehearsal-" + requests++)
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return send(status, json.isEmpty() ? request : request.header("Content-Type", "application/json"));
    }

    String put(int status, String path, String json) throws IOException, InterruptedException {
        return send(
                status,
                request(path)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json)));
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

    /** Attaches to an exec, sends it {@code input} as all of its input, and stays to its end. */
    void attach(String exec, byte[] input) throws IOException, InterruptedException {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        URI address = URI.create(platform.replaceFirst("^http", "ws") + exec + "/attach");
        WebSocket socket = http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + key)
                .buildAsync(address, new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket of, int code, String reason) {
                        closed.complete(code);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket of, Throwable failed) {
                        closed.completeExceptionally(failed);
                    }
                })
                .join();
        for (byte[] bytes : List.of(input, new byte[0])) {
            byte channel = (byte) (bytes.length > 0 ? STDIN : CLOSE_STDIN);
            ByteBuffer message = ByteBuffer.allocate(1 + Long.BYTES + bytes.length);
            socket.sendBinary(message.put(channel).putLong(APPEND).put(bytes).flip(), true)
                    .join();
        }
        try {
            int code = closed.get(LONGEST_CALL.toMillis(), TimeUnit.MILLISECONDS);
            if (code != WebSocket.NORMAL_CLOSURE) {
                throw new IllegalStateException("an attached socket was closed with " + code);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("an attached socket was not closed in order", e);
        }
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
