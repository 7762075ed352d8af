package dev.atoll.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.atoll.bench.rest.RefusedException;
import dev.atoll.bench.rest.RestApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server whose answers are scripted; the clock moves only while there is a pause. */
class PatientApiTest {
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> keys = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private HttpServer server;
    private PatientApi api;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            exchange.getRequestBody().readAllBytes();
            String answer = answers.size() > 1 ? answers.pop() : answers.getFirst();
            if (answer.isEmpty()) {
                exchange.close();
                return;
            }
            byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        RestApi rest = new RestApi("http://127.0.0.1:" + server.getAddress().getPort(), "key", () -> "fresh");
        api = new PatientApi(() -> rest, () -> "fresh", now::get, millis -> now.addAndGet(millis), 1_000);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aCallIsMadeAgainUnderTheSameKey() throws IOException {
        answers.add("503 {\"code\":\"host_unavailable\",\"retryable\":true}");
        answers.add("");
        answers.add("201 {\"id\":\"sbx_a\"}");
        assertThat(api.post("/v1/sandboxes", "one", BODY).text("id")).isEqualTo("sbx_a");
        assertThat(keys).hasSizeGreaterThanOrEqualTo(3).containsOnly("one");
        assertThat(api.repeats()).isPositive();
    }

    @Test
    void aRefusalThatTimeDoesNotHealIsTheCallers() {
        answers.add("409 {\"code\":\"sandbox_stopped\",\"retryable\":false}");
        assertThatThrownBy(() -> api.get("/v1/sandboxes/x"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("sandbox_stopped"));
        answers.clear();
        answers.add("409 {\"code\":\"input_gap\",\"retryable\":true}");
        assertThatThrownBy(() -> api.postBytes("/v1/x", "k", BODY)).isInstanceOf(RefusedException.class);
        assertThat(keys).hasSize(2);
    }

    @Test
    void patienceHasAnEnd() {
        answers.add("503 {\"code\":\"capacity\",\"retryable\":true}");
        assertThatThrownBy(() -> api.delete("/v1/sandboxes/x"))
                .isInstanceOf(PatientApi.HungException.class)
                .hasMessageContaining("capacity");
    }
}
