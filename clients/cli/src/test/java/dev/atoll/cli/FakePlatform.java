package dev.atoll.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks the part of the REST contract that the client uses, on a port of its own; what its one exec does is a {@link FakeExec}. */
final class FakePlatform implements AutoCloseable {
    static final String KEY = "atoll_test";
    static final String SANDBOX = "sbx_aaaaaaaaaaaaaaaaaaaa";
    private static final String EXEC_PATH = "/v1/sandboxes/" + SANDBOX + "/execs/" + FakeExec.ID;

    /** An answer that is given instead of the usual one, once. */
    record Instead(String request, int status, String body, boolean drop) {}

    final FakeExec exec = new FakeExec();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<JsonObject> bodies = new CopyOnWriteArrayList<>();
    private final List<Map.Entry<String, JsonObject>> sent = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    final Deque<String> sandboxStates = new ArrayDeque<>();
    final Deque<String> imageStates = new ArrayDeque<>();
    final List<JsonObject> listed = new CopyOnWriteArrayList<>();
    volatile boolean deleted;
    private final List<Instead> insteads = new ArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakePlatform() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next request that begins with {@code request} is answered with a problem. */
    void refuse(String request, int status, String code) {
        answerOnce(new Instead(request, status, problem(status, code), false));
    }

    /** The next request that begins with {@code request} is carried out, and its answer lost. */
    void loseAnswer(String request) {
        answerOnce(new Instead(request, 0, "", true));
    }

    void answer(String request, int status, String body) {
        answerOnce(new Instead(request, status, body, false));
    }

    private void answerOnce(Instead instead) {
        synchronized (insteads) {
            insteads.add(instead);
        }
    }

    private Instead instead(String request) {
        synchronized (insteads) {
            for (Instead instead : insteads) {
                if (request.startsWith(instead.request())) {
                    insteads.remove(instead);
                    return instead;
                }
            }
            return null;
        }
    }

    static String problem(int status, String code) {
        return JsonWriter.string()
                .object()
                .value("code", code)
                .value("title", "A problem")
                .value("status", status)
                .value("detail", "It is " + code + ".")
                .value("hint", "Do something.")
                .value("retryable", false)
                .value("request_id", "req-1")
                .end()
                .done();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            String query = exchange.getRequestURI().getRawQuery();
            String path = exchange.getRequestURI().getPath();
            String request = exchange.getRequestMethod() + " " + path + (query == null ? "" : "?" + query);
            requests.add(request);
            if (exchange.getRequestMethod().equals("POST")) {
                keys.add(request.split("\\?")[0] + " "
                        + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            }
            Instead instead = instead(request);
            if (instead != null && !instead.drop()) {
                keep(request, exchange.getRequestBody().readAllBytes());
                send(exchange, instead.status(), instead.body());
            } else if (path.startsWith("/v1/")
                    && !("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getRequestBody().readAllBytes();
                send(exchange, 401, problem(401, "unauthenticated"));
            } else if (request.startsWith("GET " + EXEC_PATH + "/output")) {
                exec.follow(exchange);
            } else {
                route(exchange, request.split("\\?")[0], instead != null);
            }
        } catch (com.grack.nanojson.JsonParserException notJson) {
            send(exchange, 400, problem(400, "invalid_json"));
        } finally {
            exchange.close();
        }
    }

    private void keep(String request, byte[] body) throws com.grack.nanojson.JsonParserException {
        if (body.length > 0 && body[0] == '{') {
            sent.add(Map.entry(request, JsonParser.object().from(new String(body, StandardCharsets.UTF_8))));
        }
    }

    /** The bodies of the requests that began so and were answered by {@link #answer}. */
    List<JsonObject> sent(String request) {
        return sent.stream()
                .filter(one -> one.getKey().startsWith(request))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void route(HttpExchange exchange, String request, boolean drop)
            throws IOException, com.grack.nanojson.JsonParserException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            bodies.add(JsonParser.object().from(new String(body, StandardCharsets.UTF_8)));
        }
        String answer = switch (request) {
            case "GET /readyz" -> "{\"ready\":true,\"parts\":[]}";
            case "GET /v1/capabilities" -> capabilities();
            case "GET /v1/images" -> "{\"items\":[" + image("ready") + "]}";
            case "POST /v1/images/base/make", "GET /v1/images/base" -> image(next(imageStates, "ready"));
            case "POST /v1/sandboxes" -> sandbox(next(sandboxStates, "running"));
            case "GET /v1/sandboxes" -> page();
            case "GET /v1/sandboxes/" + SANDBOX -> sandbox(next(sandboxStates, "running"));
            case "PUT /v1/sandboxes/" + SANDBOX + "/holds/model" ->
                "{\"items\":[{\"name\":\"model\",\"until\":\"2026-11-22T12:00:00Z\"}]}";
            case "DELETE /v1/sandboxes/" + SANDBOX -> delete();
            case "POST /v1/sandboxes/" + SANDBOX + "/execs" -> exec.json();
            case "GET " + EXEC_PATH -> exec.awaited();
            case "POST " + EXEC_PATH + "/input" ->
                exec.input(exchange.getRequestURI().getQuery(), body);
            case "POST " + EXEC_PATH + "/signal" -> exec.signal(bodies.getLast());
            default -> request.startsWith("PUT /v1/images/") ? upload(request, body) : "";
        };
        if (drop) {
            return;
        }
        if (answer.isEmpty()) {
            send(exchange, 404, problem(404, "route_not_found"));
        } else {
            send(exchange, answer.startsWith("{\"code\"") ? 409 : 200, answer);
        }
    }

    private String delete() {
        deleted = true;
        exec.end(Map.of("reason", "sandbox_stopped"));
        return sandbox("stopped");
    }

    private String upload(String request, byte[] body) {
        uploads.put(request.substring("PUT /v1/images/".length()), body);
        return image("ready");
    }

    private String page() {
        JsonArray items = new JsonArray(listed);
        return JsonWriter.string()
                .object()
                .array("items", items)
                .value("next_cursor", (Object) null)
                .end()
                .done();
    }

    private static String next(Deque<String> states, String last) {
        synchronized (states) {
            return states.isEmpty() ? last : states.removeFirst();
        }
    }

    static String sandbox(String state) {
        JsonObject sandbox = new JsonObject();
        sandbox.put("id", SANDBOX);
        sandbox.put("name", "build-7");
        sandbox.put("image", "base");
        sandbox.put("state", state);
        sandbox.put("reason", state.equals("failed") ? "failed" : null);
        sandbox.put("detail", state.equals("failed") ? "runsc is broken" : null);
        sandbox.put("resources", new JsonObject(Map.of("cpu", "1", "memory", "512Mi")));
        sandbox.put("created_at", "2026-11-22T10:00:00Z");
        sandbox.put("ended_at", state.equals("stopped") ? "2026-11-22T10:01:00Z" : null);
        sandbox.put("expires_at", "2026-11-22T11:00:00Z");
        return JsonWriter.string(sandbox);
    }

    private static String image(String state) {
        return "{\"name\":\"base\",\"id\":\"img_aaaaaaaaaaaaaaaaaaaa\",\"state\":\"" + state
                + "\",\"size_bytes\":412000256,\"progress\":\"41 of 180\",\"created_at\":\"2026-11-22T09:00:00Z\"}";
    }

    private static String capabilities() {
        return "{\"version\":\"0.1.0\",\"hosts\":[{\"id\":\"host_a\",\"hostname\":\"metal-1\",\"runtime\":{\"name\":\"runsc\","
                + "\"version\":\"release-20260905.0\",\"platform\":\"systrap\",\"features\":[]},"
                + "\"capacity\":{\"cpu\":\"2\",\"memory\":\"22Gi\"}}],"
                + "\"network\":{\"modes\":[\"none\"],\"detail\":\"\"},\"limits\":{}}";
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
