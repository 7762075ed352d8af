package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The log of what happened, as a client reads it. */
class EventsIT {
    @Test
    void theLogOfALifeInOrderAcrossARestart() {
        try (TestingPlatform platform = TestingPlatform.start()) {
            String sandbox = platform.sandbox();
            String path = "/v1/sandboxes/" + sandbox + "/events";
            String first = platform.sh(sandbox, "true").at("/id");
            List<JsonNode> before = until(platform.client(), path, "0-0", first + " exec.ended");
            String cursor = before.getLast().get("cursor").asString();

            platform.restart();

            String second = platform.sh(sandbox, "exit 7").at("/id");
            List<JsonNode> after = until(platform.client(), path, cursor, second + " exec.ended");
            assertThat(after.getLast().at("/facts/exit_code").asString()).isEqualTo("7");
            platform.delete(sandbox);
            List<JsonNode> rest =
                    until(platform.client(), path, after.getLast().get("cursor").asString(), " sandbox.stopped");

            List<JsonNode> whole = new ArrayList<>(before);
            whole.addAll(after);
            whole.addAll(rest);
            assertThat(whole.stream().map(event -> event.get("type").asString()))
                    .containsSubsequence(
                            "sandbox.preparing",
                            "sandbox.running",
                            "exec.started",
                            "exec.ended",
                            "exec.started",
                            "exec.ended",
                            "sandbox.stopping",
                            "sandbox.stopped");
            assertThat(whole.stream().map(EventsIT::words).filter(words -> words.contains("exec.")))
                    .as("nothing is told twice, also after a restart")
                    .doesNotHaveDuplicates()
                    .hasSize(4);
            assertThat(new HashSet<>(whole)).hasSameSizeAs(whole);
            Answer all = platform.client().get("/v1/events?limit=1000");
            assertThat(all.json().get("items")).hasSameSizeAs(whole);
        }
    }

    @Test
    void whoWaitsAndWhoFollowsHearsWhatHappens() throws Exception {
        TestingPlatform platform = TestingPlatform.shared();
        ContractClient client = platform.client();
        String sandbox = platform.sandbox();
        String path = "/v1/sandboxes/" + sandbox;
        String cursor = client.get(path + "/events?limit=1000").at("/next_cursor");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                BufferedReader followed = new BufferedReader(new InputStreamReader(
                        client
                                .request("GET", path + "/events")
                                .header("Accept", "text/event-stream")
                                .header("Last-Event-ID", cursor)
                                .stream(),
                        StandardCharsets.UTF_8))) {
            var waiting = threads.submit(() -> client.get(path + "/events?wait=30s&after=" + cursor));
            assertThat(client.request("PUT", path + "/holds/model")
                            .json("{\"for\":\"10m\"}")
                            .send()
                            .at("/items/0/name"))
                    .isEqualTo("model");
            assertThat(waiting.get().at("/items/0/type")).isEqualTo("hold.set");
            String id = followed.readLine();
            assertThat(id).startsWith("id: ");
            assertThat(followed.readLine()).isEqualTo("event: hold.set");
            assertThat(followed.readLine()).startsWith("data: {").contains("\"name\":\"model\"");
            assertThat(id).isEqualTo("id: " + waiting.get().at("/items/0/cursor"));
        }
        assertThat(client.request("GET", path + "/events?after=x")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_cursor");
        assertThat(platform.stranger().get(path + "/events").code()).isEqualTo("sandbox_not_found");
        assertThat(platform.stranger().get("/v1/events").json().get("items").toString())
                .doesNotContain(sandbox);
        platform.delete(sandbox);
    }

    @Test
    void whatASandboxUsesIsASeries() {
        TestingPlatform platform = TestingPlatform.shared();
        String sandbox = platform.sandbox();
        String path = "/v1/sandboxes/" + sandbox;
        platform.client().post(path + "/execs", "{\"argv\":[\"sleep\",\"1000\"]}");
        await().untilAsserted(() -> {
            Answer metrics = platform.client().get(path + "/metrics?since=10m&step=5s");
            assertThat(metrics.json().get("items").size()).as(metrics.text()).isGreaterThanOrEqualTo(2);
            assertThat(metrics.json().at("/latest/cpu_ms").asLong()).isPositive();
            assertThat(metrics.json().at("/latest/memory_bytes").asLong()).isGreaterThan(1 << 20);
            assertThat(metrics.at("/latest/execs")).isEqualTo("1");
            assertThat(metrics.json().get("processes").asInt()).isGreaterThanOrEqualTo(1);
        });
        platform.delete(sandbox);
        assertThat(platform.client().get(path + "/metrics").code()).isEqualTo("sandbox_stopped");
    }

    /** Events after a cursor up to the first that has these words. */
    private static List<JsonNode> until(ContractClient client, String path, String cursor, String words) {
        List<JsonNode> events = new ArrayList<>();
        String after = cursor;
        while (events.isEmpty() || !words(events.getLast()).endsWith(words)) {
            Answer page = client.get(path + "?wait=30s&limit=1&after=" + after);
            assertThat(page.json().get("items"))
                    .as("after %s: %s", after, events)
                    .isNotEmpty();
            events.add(page.json().at("/items/0"));
            after = page.at("/next_cursor");
        }
        return events;
    }

    private static String words(JsonNode event) {
        return event.at("/facts/exec_id").asString("") + " " + event.get("type").asString();
    }
}
