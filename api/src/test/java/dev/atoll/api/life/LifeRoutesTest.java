package dev.atoll.api.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.TestingApi;
import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to sandboxes, how long they live and what they use, over HTTP and held to the contract. */
@Timeout(60)
class LifeRoutesTest {
    private final TestingApi api = new TestingApi();
    private final ContractClient client = api.client();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void eventsArePagesByCursor() {
        String sandbox = api.sandbox();
        client.post(sandbox + "/execs?wait=10s", "{\"argv\":[\"true\"]}");
        await().untilAsserted(
                        () -> assertThat(client.get(sandbox + "/events").text()).contains("exec.ended"));
        Answer first = client.get(sandbox + "/events?limit=1");
        assertThat(first.at("/items/0/type")).isEqualTo("sandbox.preparing");
        Answer second = client.get(sandbox + "/events?limit=1&after=" + first.at("/next_cursor"));
        assertThat(second.at("/items/0/type")).isEqualTo("sandbox.running");
        String last = client.get("/v1/events?limit=1000").at("/next_cursor");
        Answer none = client.get(sandbox + "/events?wait=10ms&after=" + last);
        assertThat(none.json().get("items")).isEmpty();
        assertThat(none.at("/next_cursor")).isEqualTo(last);
        assertThat(client.request("GET", "/v1/events?after=7").broken().send().code())
                .isEqualTo("invalid_cursor");
        assertThat(client.request("GET", "/v1/events?limit=0").broken().send().code())
                .isEqualTo("invalid_request");
        assertThat(client.get("/v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/events").code())
                .isEqualTo("sandbox_not_found");
    }

    @Test
    void eventsAreAStreamThatTellsWhenThePlatformEnds() throws Exception {
        String sandbox = api.sandbox();
        String cursor = client.get(sandbox + "/events").at("/next_cursor");
        try (BufferedReader stream = new BufferedReader(new InputStreamReader(
                client
                        .request("GET", sandbox + "/events")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", cursor)
                        .stream(),
                StandardCharsets.UTF_8))) {
            client.post(sandbox + "/extend", "{\"for\":\"2h\"}");
            assertThat(stream.readLine()).startsWith("id: ");
            assertThat(stream.readLine()).isEqualTo("event: sandbox.extended");
            assertThat(stream.readLine()).contains("\"until\":\"20");
            assertThat(stream.readLine()).isEmpty();
            api.stopStreams();
            assertThat(stream.readLine()).isEqualTo("event: error");
            assertThat(stream.readLine()).contains("shutting_down");
        }
    }

    @Test
    void holdsAndExtensionsAreSeenOnTheSandbox() {
        Answer created = client.post(
                "/v1/sandboxes?wait=30s",
                "{\"idle\":{\"after\":\"10m\",\"action\":\"stop\",\"processes\":false},\"ttl\":\"30m\"}");
        String sandbox = "/v1/sandboxes/" + created.at("/id");
        assertThat(created.at("/idle/after")).isEqualTo("10m");
        assertThat(created.at("/idle/processes")).isEqualTo("false");
        assertThat(client.request("PUT", sandbox + "/holds/model")
                        .json("{\"for\":\"5m\"}")
                        .send()
                        .at("/items/0/name"))
                .isEqualTo("model");
        Answer seen = client.get(sandbox);
        assertThat(seen.at("/holds")).isEqualTo("1");
        assertThat(seen.at("/last_used_at")).startsWith("20");
        assertThat(client.get("/v1/sandboxes").at("/items/0/holds")).isEqualTo("1");
        assertThat(client.delete(sandbox + "/holds/model").json().get("items")).isEmpty();
        assertThat(client.get(sandbox + "/holds").json().get("items")).isEmpty();
        String before = seen.at("/expires_at");
        assertThat(client.post(sandbox + "/extend", "{\"for\":\"1m\"}").at("/expires_at"))
                .isEqualTo(before);
        assertThat(client.post(sandbox + "/extend", "{\"for\":\"2h\"}").at("/expires_at"))
                .isGreaterThan(before);
        assertThat(client.request("POST", sandbox + "/extend")
                        .json("{}")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_request");
        assertThat(client.request("PUT", sandbox + "/holds/-x")
                        .json("{\"for\":\"1m\"}")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_request");
        assertThat(client.request("PUT", sandbox + "/holds/x")
                        .json("{\"for\":\"2d\"}")
                        .send()
                        .code())
                .isEqualTo("invalid_quantity");
    }

    @Test
    void whatASandboxUsesIsReadInSteps() {
        String sandbox = api.sandbox();
        Answer metrics = client.get(sandbox + "/metrics?since=10m&step=1m");
        assertThat(metrics.at("/latest/cores")).isEqualTo("0.25");
        assertThat(metrics.at("/processes")).isEqualTo("2");
        assertThat(metrics.at("/every")).isEqualTo("5s");
        assertThat(client.request("GET", sandbox + "/metrics?step=1ms")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_quantity");
        client.delete(sandbox + "?wait=30s");
        assertThat(client.get(sandbox + "/metrics").code()).isEqualTo("sandbox_stopped");
        assertThat(client.post(sandbox + "/extend", "{\"for\":\"2h\"}").code()).isEqualTo("sandbox_stopped");
    }
}
