package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sandboxes that end because nothing uses them, or do not. */
class IdleIT {
    private static final Duration AFTER = Duration.ofSeconds(3);

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();

    @Test
    void whatNothingUsesEndsAfterAWarningThoughACommandRunsThatDoesNotCount() {
        String sandbox = idling(false);
        sleep(sandbox);
        Answer ended = client.get("/v1/sandboxes/" + sandbox + "?until=stopped&wait=60s");
        assertThat(ended.at("/reason")).as(ended.text()).isEqualTo("idle");
        List<String> types = types(sandbox);
        assertThat(types)
                .containsSubsequence("sandbox.running", "sandbox.idling", "sandbox.stopping", "sandbox.stopped");
        JsonNode stopping = event(sandbox, "sandbox.stopping");
        Instant said =
                Instant.parse(event(sandbox, "sandbox.idling").at("/facts/at").asString());
        assertThat(Instant.parse(stopping.get("time").asString())).isAfterOrEqualTo(said.minusMillis(100));
        assertThat(stopping.at("/facts/reason").asString()).isEqualTo("idle");
    }

    @Test
    void aCommandThatCountsAHoldAndAStreamKeepIt() throws Exception {
        String runs = idling(true);
        String exec = sleep(runs);
        String held = idling(true);
        assertThat(client.request("PUT", "/v1/sandboxes/" + held + "/holds/model")
                        .json("{\"for\":\"10m\"}")
                        .send()
                        .status())
                .isEqualTo(200);
        String followed = idling(false);
        String written = sleep(followed);
        try (var stream = client
                .request("GET", "/v1/sandboxes/" + followed + "/execs/" + written + "/output")
                .header("Accept", "text/event-stream")
                .stream()) {
            // The one that nothing keeps shows that the time is over.
            String nothing = idling(true);
            assertThat(client.get("/v1/sandboxes/" + nothing + "?until=stopped&wait=60s")
                            .at("/reason"))
                    .isEqualTo("idle");
            for (String kept : List.of(runs, held, followed)) {
                assertThat(client.get("/v1/sandboxes/" + kept).at("/state")).isEqualTo("running");
            }
            Answer shown = client.get("/v1/sandboxes/" + held);
            assertThat(shown.at("/holds")).isEqualTo("1");
            assertThat(shown.at("/idle/after")).isEqualTo("3s");
            assertThat(shown.at("/last_used_at")).startsWith("20");
        }
        assertThat(client.get("/v1/sandboxes/" + followed + "?until=stopped&wait=60s")
                        .at("/reason"))
                .as("the stream has been closed")
                .isEqualTo("idle");
        client.post("/v1/sandboxes/" + runs + "/execs/" + exec + "/signal", "{\"signal\":\"SIGKILL\"}");
        assertThat(client.get("/v1/sandboxes/" + runs + "?until=stopped&wait=60s")
                        .at("/reason"))
                .as("the command has ended")
                .isEqualTo("idle");
        assertThat(client.delete("/v1/sandboxes/" + held + "/holds/model")
                        .json()
                        .get("items"))
                .isEmpty();
        assertThat(client.get("/v1/sandboxes/" + held + "?until=stopped&wait=60s")
                        .at("/reason"))
                .as("the hold was given up")
                .isEqualTo("idle");
    }

    @Test
    void aTtlIsWarnedOfAndExtendedAndNeverShortened() {
        String sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"64Mi\",\"ttl\":\"30s\"}");
        String path = "/v1/sandboxes/" + sandbox;
        Instant first = Instant.parse(client.get(path).at("/expires_at"));
        Answer extended = client.post(path + "/extend", "{\"for\":\"1h\"}");
        Instant later = Instant.parse(extended.at("/expires_at"));
        assertThat(later).isAfter(first.plusSeconds(1_000));
        assertThat(client.post(path + "/extend", "{\"for\":\"1s\"}").at("/expires_at"))
                .isEqualTo(later.toString());
        assertThat(types(sandbox)).contains("sandbox.extended");
        platform.delete(sandbox);
        assertThat(client.post(path + "/extend", "{\"for\":\"1h\"}").code()).isEqualTo("sandbox_stopped");

        String shortLived = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"64Mi\",\"ttl\":\"3s\"}");
        assertThat(client.get("/v1/sandboxes/" + shortLived + "?until=stopped&wait=60s")
                        .at("/reason"))
                .isEqualTo("timeout");
        assertThat(types(shortLived)).containsSubsequence("sandbox.expiring", "sandbox.stopping", "sandbox.stopped");
    }

    @Test
    void whatIsAskedForIsReadStrictly() {
        assertThat(refused("{\"idle\":{}}")).isEqualTo("invalid_request");
        assertThat(refused("{\"idle\":{\"after\":\"1m\",\"action\":\"pause\"}}"))
                .isEqualTo("invalid_request");
        assertThat(refused("{\"idle\":{\"after\":\"0s\"}}")).isEqualTo("invalid_quantity");
        assertThat(refused("{\"idle\":{\"after\":\"1m\",\"x\":1}}")).isEqualTo("unknown_field");
        assertThat(refused("{\"idle\":\"1m\"}")).isEqualTo("invalid_request");
    }

    private String refused(String request) {
        return client.request("POST", "/v1/sandboxes")
                .json(request)
                .broken()
                .send()
                .code();
    }

    private String idling(boolean processes) {
        return platform.sandbox("{\"image\":\"busybox\",\"memory\":\"64Mi\",\"idle\":{\"after\":\"" + AFTER.toSeconds()
                + "s\",\"processes\":" + processes + "}}");
    }

    private String sleep(String sandbox) {
        return client.post("/v1/sandboxes/" + sandbox + "/execs", "{\"argv\":[\"sleep\",\"1000\"]}")
                .at("/id");
    }

    private List<String> types(String sandbox) {
        List<String> types = new ArrayList<>();
        client.get("/v1/sandboxes/" + sandbox + "/events?limit=1000")
                .json()
                .get("items")
                .forEach(event -> types.add(event.get("type").asString()));
        return types;
    }

    private JsonNode event(String sandbox, String type) {
        for (JsonNode event : client.get("/v1/sandboxes/" + sandbox + "/events?limit=1000")
                .json()
                .get("items")) {
            if (event.get("type").asString().equals(type)) {
                return event;
            }
        }
        throw new AssertionError("no " + type);
    }
}
