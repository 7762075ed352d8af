package dev.atoll.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.key.Authentication;
import dev.atoll.manager.key.ApiKeys;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of a request, with operations that do next to nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch clientLeft = new CountDownLatch(1);
    private ApiServer server;
    private String key;

    @BeforeAll
    void start() {
        Ids ids = new Ids(new Random(1));
        ApiKeys keys = new ApiKeys(new RecordedKeys(), ids, new Random(2), Clock.systemUTC());
        WorkspaceId workspace = ids.workspace();
        key = keys.issue(workspace, "test").secret();
        RouteTable table = new RouteTable(List.of(
                Route.of(
                        "listThings",
                        Method.GET,
                        "/v1/things",
                        Set.of("limit"),
                        call -> call.answer(200, json -> {
                            json.writeStartObject();
                            json.writeStringProperty(
                                    "workspace", call.caller().workspace().value());
                            json.writeNumberProperty("limit", call.query().number("limit", 1, 9, 5));
                            json.writeEndObject();
                        })),
                Route.of("makeThing", Method.POST, "/v1/things", Set.of(), call -> {
                    String name = call.json(Set.of("name")).requiredText("name");
                    call.location("/v1/things/x").answer(201, json -> json.writeString(name));
                }),
                Route.of("sendThing", Method.PUT, "/v1/things/{id}", Set.of(), call -> {
                    long size = call.stream(3 << 20).transferTo(OutputStream.nullOutputStream());
                    call.answer(200, json -> json.writeNumber(size));
                }),
                Route.of(
                        "timeThing",
                        Method.GET,
                        "/v1/timed",
                        Set.of(),
                        call -> call.timed().answer(200, json -> json.writeNumber(1))),
                Route.of("dropThing", Method.DELETE, "/v1/things/{id}", Set.of(), Call::done),
                Route.open("getBroken", "/broken", call -> {
                    throw new IllegalStateException("a secret detail");
                }),
                Route.open("getBusy", "/busy", call -> {
                    throw Problem.of(ProblemCode.CAPACITY, "Full.", "Wait.").asException();
                }),
                Route.open("getHalf", "/half", call -> {
                    call.begin(MediaTypes.TEXT).write(new byte[64 << 10]);
                    throw new IllegalStateException("in the middle");
                }),
                Route.open("getEndless", "/endless", this::endless)));
        server = ApiServer.start("127.0.0.1", 0, table, new Authentication(keys), metrics, threads, new Random(3));
    }

    private void endless(Call call) throws IOException {
        OutputStream out = call.begin(MediaTypes.FRAMES);
        try {
            while (true) {
                out.write(new byte[8192]);
                out.flush();
            }
        } catch (IOException e) {
            clientLeft.countDown();
            throw e;
        }
    }

    @AfterAll
    void stop() {
        server.close();
        threads.close();
        http.close();
    }

    @Test
    void answersWhatItHas() throws Exception {
        HttpResponse<String> answer =
                send("GET", "/v1/things?limit=7", BodyPublishers.noBody(), "X-Request-Id", "my-name.1");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"limit\":7");
        assertThat(answer.headers().firstValue("X-Request-Id")).contains("my-name.1");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        assertThat(send("POST", "/v1/things", json("{\"name\":\"é\"}"), "Content-Type", "application/json")
                        .body())
                .isEqualTo("\"é\"");
        HttpResponse<String> done = send("DELETE", "/v1/things/x", BodyPublishers.noBody());
        assertThat(done.statusCode()).isEqualTo(204);
        assertThat(done.headers().firstValue("Content-Type")).isEmpty();
    }

    @Test
    void saysWhereTheTimeWentWhenAsked() throws Exception {
        HttpResponse<String> timed = send("GET", "/v1/timed", BodyPublishers.noBody());
        assertThat(timed.headers().firstValue("Server-Timing").orElseThrow())
                .matches("auth;dur=\\d+\\.\\d{3}, db;dur=0\\.000, api;dur=\\d+\\.\\d{3}, total;dur=\\d+\\.\\d{3}");
        assertThat(send("GET", "/v1/things", BodyPublishers.noBody()).headers().firstValue("Server-Timing"))
                .isEmpty();
    }

    @Test
    void namesRequestsThatHaveNoFitName() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/things", BodyPublishers.noBody(), "X-Request-Id", "a b");
        assertThat(answer.headers().firstValue("X-Request-Id").orElseThrow()).matches("req-[0-9a-f]{18}");
        problem(send("GET", "/nothing", BodyPublishers.noBody()), 404, "route_not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/things/",
                "/v1/things/x/y",
                "/V1/things",
                "/v1//things",
                "/favicon.ico",
                "/v1/thing%73x"
            })
    void knowsWhatIsNotThere(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, BodyPublishers.noBody());
        assertThat(answer.statusCode()).isIn(400, 404, 405);
        problem(answer, answer.statusCode(), null);
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH,/v1/things",
        "PUT,/v1/things",
        "GET,/v1/things/x",
        "TRACE,/v1/things",
        "FOO,/v1/things",
        "POST,/busy"
    })
    void saysWhichMethodsThereAre(String method, String path) throws Exception {
        HttpResponse<String> answer = send(method, path, BodyPublishers.noBody());
        problem(answer, 405, "method_not_allowed");
        assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("OPTIONS");
    }

    @Test
    void headAndOptionsAreSane() throws Exception {
        HttpResponse<String> head = send("HEAD", "/v1/things", BodyPublishers.noBody());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isPositive();
        HttpResponse<String> options = send("OPTIONS", "/v1/things", BodyPublishers.noBody());
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS, POST");
        problem(send("OPTIONS", "/nothing", BodyPublishers.noBody()), 404, "route_not_found");
    }

    @Test
    void theKeyComesBeforeEverythingElse() throws Exception {
        for (String given :
                new String[] {"", "Bearer", "Bearer ", "Basic x", "Bearer atoll_wrong", "Bearer " + key + "x", key}) {
            HttpRequest.Builder request = request("POST", "/v1/things?nonsense", json("not json"));
            if (!given.isEmpty()) {
                request.header("Authorization", given);
            }
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            problem(answer, 401, "unauthenticated");
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer");
            assertThat(answer.body()).doesNotContain(key);
        }
    }

    @Test
    void refusesQueriesAndBodiesThatAreNotAsTheyShould() throws Exception {
        problem(send("GET", "/v1/things?limits=1", BodyPublishers.noBody()), 400, "invalid_request");
        problem(send("GET", "/v1/things?limit=1&limit=2", BodyPublishers.noBody()), 400, "invalid_request");
        problem(send("GET", "/v1/things?limit=10", BodyPublishers.noBody()), 400, "invalid_request");
        problem(send("POST", "/v1/things", json("{}")), 415, "unsupported_media_type");
        problem(send("POST", "/v1/things", json("{}"), "Content-Type", "text/plain"), 415, "unsupported_media_type");
        problem(send("POST", "/v1/things", json("{"), "Content-Type", "application/json"), 400, "invalid_json");
        problem(
                send("POST", "/v1/things", json("{\"x\":1}"), "Content-Type", "application/json"),
                400,
                "unknown_field");
        problem(send("POST", "/v1/things", json("{}"), "Content-Type", "application/json"), 400, "invalid_request");
    }

    @Test
    void aBodyOverTheLimitIsRefusedAndTheAnswerArrives() throws Exception {
        byte[] large = new byte[HttpLimits.MAX_JSON_BYTES + 1];
        problem(
                send("POST", "/v1/things", BodyPublishers.ofByteArray(large), "Content-Type", "application/json"),
                413,
                "body_too_large");
        BodyPublisher endless = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[3 << 20]));
        problem(send("POST", "/v1/things", endless, "Content-Type", "application/json"), 413, "body_too_large");
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[(3 << 20) + 1]));
        problem(send("PUT", "/v1/things/x", stream, "Content-Type", "application/octet-stream"), 413, "body_too_large");
        BodyPublisher fits = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[3 << 20]));
        assertThat(send("PUT", "/v1/things/x", fits, "Content-Type", "application/octet-stream")
                        .body())
                .isEqualTo(Integer.toString(3 << 20));
    }

    @Test
    void aMistakeIsAProblemWithoutItsInnards() throws Exception {
        HttpResponse<String> answer = send("GET", "/broken", BodyPublishers.noBody());
        problem(answer, 500, "internal");
        assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
        HttpResponse<String> busy = send("GET", "/busy", BodyPublishers.noBody());
        problem(busy, 503, "capacity");
        assertThat(busy.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void aClientThatLeavesEndsItsStream() throws Exception {
        HttpResponse<InputStream> answer =
                http.send(request("GET", "/endless", BodyPublishers.noBody()).build(), BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("X-Accel-Buffering")).contains("no");
        answer.body().readNBytes(10_000);
        answer.body().close();
        await().until(() -> clientLeft.getCount() == 0);
        await().untilAsserted(() -> assertThat(metrics.scrape()).contains("operation=\"getEndless\",status=\"200\""));
    }

    @Test
    void anAnswerThatBreaksOffIsNotTakenForAWholeOne() {
        assertThatThrownBy(() -> send("GET", "/half", BodyPublishers.noBody())).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /v1/things HTTP/1.1\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1%2fthings HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/../broken/%2e%2e/x HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /busy;a=b HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/things HTTP/1.1\r\n"
                        + "Host: x\r\n"
                        + "Content-Length: 1\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\n",
                "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
            })
    void brokenHttpIsAProblemToo(String bytes) throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(bytes);
            String answer = connection.answer();
            assertThat(answer)
                    .startsWith("HTTP/1.1 4")
                    .doesNotContain("Exception")
                    .doesNotContain("<html");
            assertThat(answer).contains("application/problem+json").contains("\"request_id\"");
        }
    }

    @Test
    void aBodyThatNobodyAskedForMayComeLate() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            String head = "GET /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n";
            connection.send(head + "Content-Length: 5\r\n\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
            connection.send("hello" + head + "\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void longHeadersAndPathsAreRefused() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET /" + "x".repeat(HttpLimits.MAX_HEADER_BYTES) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 4").contains("\"code\":\"body_too_large\"");
        }
    }

    @Test
    void noBytesMakeItStumble() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 300; i++) {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(30); n > 0; n--) {
                path.append((char) (0x21 + random.nextInt(0x5e)));
            }
            try (RawConnection connection = new RawConnection(server.port())) {
                connection.send((i % 2 == 0 ? "GET " : "POST ") + (i % 3 == 0 ? "/v1/things?" : "") + path
                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"
                        + new String(body, StandardCharsets.ISO_8859_1));
                assertThat(connection.answer())
                        .as("%s", path)
                        .startsWith("HTTP/1.1 4")
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void countsByOperation() throws Exception {
        send("GET", "/v1/things", BodyPublishers.noBody());
        assertThat(metrics.scrape())
                .contains("atoll_http_requests_seconds_bucket{operation=\"listThings\",status=\"200\",le=\"0.005\"}")
                .contains("atoll_http_requests_in_flight");
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers)
            throws Exception {
        HttpRequest.Builder request = request(method, path, body).header("Authorization", "Bearer " + key);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String method, String path, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, body);
    }

    private static BodyPublisher json(String text) {
        return BodyPublishers.ofString(text);
    }

    private static void problem(
            HttpResponse<String> answer, int status, @org.jspecify.annotations.Nullable String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("request_id").asString())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElse("none"));
        if (code != null) {
            assertThat(problem.get("code").asString()).isEqualTo(code);
            assertThat(problem.get("hint").asString()).isNotEmpty();
        }
    }
}
