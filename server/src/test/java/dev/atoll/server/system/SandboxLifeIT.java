package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** From a create to a delete, as a client sees it. */
class SandboxLifeIT {
    private static final String LEAST = "{\"image\":\"busybox\",\"memory\":\"256Mi\"}";

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();

    @Test
    void createRunReadDelete() {
        Answer created = client.post("/v1/sandboxes?wait=60s", """
                {"name":"life-1","image":"busybox","cpu":"500m","memory":"256Mi","ttl":"10m",
                 "env":{"WHO":"world","SECRET":"s3cret"},"labels":{"team":"life","kind":"a b"}}
                """);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).contains("/v1/sandboxes/" + created.at("/id"));
        assertThat(created.at("/state")).isEqualTo("running");
        assertThat(created.at("/resources/cpu")).isEqualTo("500m");
        assertThat(created.at("/network/mode")).isEqualTo("none");
        assertThat(created.json().get("env_names").toString()).isEqualTo("[\"SECRET\",\"WHO\"]");
        assertThat(created.text()).doesNotContain("s3cret");

        String sandbox = created.at("/id");
        Answer exec = platform.sh(sandbox, "echo hello $WHO; echo oops >&2; exit 3");
        assertThat(exec.status()).isEqualTo(201);
        assertThat(exec.at("/reason")).isEqualTo("exited");
        assertThat(exec.at("/exit_code")).isEqualTo("3");
        assertThat(exec.at("/output/stdout/text")).isEqualTo("hello world\n");
        assertThat(exec.at("/output/stderr/text")).isEqualTo("oops\n");
        assertThat(exec.at("/wall_ms")).matches("[0-9]+");

        Answer listed = client.get("/v1/sandboxes?label=team=life&label=kind=a+b&state=running");
        assertThat(listed.json().get("items")).hasSize(1);
        assertThat(client.get("/v1/sandboxes?label=team=none").json().get("items"))
                .isEmpty();

        Answer deleted = client.delete("/v1/sandboxes/" + sandbox + "?wait=60s");
        assertThat(deleted.at("/state")).isEqualTo("stopped");
        assertThat(deleted.at("/reason")).isEqualTo("canceled");
        assertThat(client.delete("/v1/sandboxes/" + sandbox).at("/state")).isEqualTo("stopped");
        assertThat(client.get("/v1/sandboxes/" + sandbox).at("/state")).isEqualTo("stopped");
    }

    @Test
    void aCreateAnswersAtOnceAndAWaitHasItRunning() {
        // One for which a box stands ready would run already.
        Answer created = client.post("/v1/sandboxes", LEAST.replaceFirst("\\{", "{\"warm\":false,"));
        assertThat(created.at("/state")).isIn("requested", "preparing");
        String path = "/v1/sandboxes/" + created.at("/id");
        Answer running = client.get(path + "?until=running&wait=60s");
        assertThat(running.at("/state")).isEqualTo("running");
        assertThat(running.json().get("generation").asLong())
                .isGreaterThan(created.json().get("generation").asLong());
        Instant begun = Instant.now();
        Answer waited = client.get(path + "?until=stopped&wait=300ms");
        assertThat(waited.at("/state")).isEqualTo("running");
        assertThat(Duration.between(begun, Instant.now())).isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
        assertThat(client.delete(path).at("/state")).isIn("stopping", "stopped");
        assertThat(client.get(path + "?until=stopped&wait=60s").at("/state")).isEqualTo("stopped");
    }

    @Test
    void aTtlEndsIt() {
        String sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"256Mi\",\"ttl\":\"4s\"}");
        Answer ended = client.get("/v1/sandboxes/" + sandbox + "?until=stopped&wait=60s");
        assertThat(ended.at("/state")).isEqualTo("stopped");
        assertThat(ended.at("/reason")).isEqualTo("timeout");
    }

    @Test
    void aNameIsUniqueWhileItLives() {
        String named = "{\"name\":\"only-one\",\"image\":\"busybox\",\"memory\":\"256Mi\"}";
        String first = client.post("/v1/sandboxes", named).at("/id");
        Answer second = client.post("/v1/sandboxes", named);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("sandbox_name_taken");
        platform.delete(first);
        Answer third = client.post("/v1/sandboxes", named);
        assertThat(third.status()).isEqualTo(201);
        platform.delete(third.at("/id"));
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepeat() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(client.post(
                            "/v1/sandboxes",
                            "{\"image\":\"busybox\",\"memory\":\"64Mi\",\"labels\":{\"run\":\"pages\"}}")
                    .at("/id"));
        }
        Set<String> seen = new HashSet<>();
        String next = "/v1/sandboxes?limit=2&label=run=pages";
        while (next != null) {
            JsonNode page = client.get(next).json();
            assertThat(page.get("items")).hasSizeLessThanOrEqualTo(2);
            page.get("items")
                    .forEach(item ->
                            assertThat(seen.add(item.get("id").asString())).isTrue());
            next = page.get("next_cursor").isNull()
                    ? null
                    : "/v1/sandboxes?limit=2&label=run=pages&cursor="
                            + page.get("next_cursor").asString();
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
        made.forEach(platform::delete);
    }

    @Test
    void thePlatformSaysWhatItIs() {
        Answer capabilities = client.get("/v1/capabilities");
        assertThat(capabilities.at("/hosts/0/runtime/name")).isEqualTo("runsc");
        assertThat(capabilities.at("/network/modes/0")).isEqualTo("none");
        assertThat(client.get("/healthz").at("/status")).isEqualTo("ok");
        assertThat(client.get("/readyz").at("/ready")).isEqualTo("true");
        assertThat(client.get("/openapi.yaml").text()).startsWith("openapi: 3.1");
        assertThat(client.get("/metrics").text())
                .contains("atoll_http_requests_seconds_bucket{operation=\"getCapabilities\"")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void imagesComeAndGo() {
        byte[] tar = dev.atoll.imagecas.testimage.TestImages.busyboxTar();
        Answer imported = client.request("PUT", "/v1/images/second")
                .bytes("application/octet-stream", tar)
                .send();
        assertThat(imported.status()).as(imported.text()).isEqualTo(201);
        assertThat(imported.at("/state")).isEqualTo("ready");
        assertThat(imported.at("/id"))
                .as("the same content")
                .isEqualTo(client.get("/v1/images/busybox").at("/id"));
        assertThat(client.get("/v1/images").text()).contains("\"second\"");
        assertThat(client.delete("/v1/images/second").status()).isEqualTo(204);
        assertThat(client.get("/v1/images/second").code()).isEqualTo("image_not_found");
        assertThat(client.request("POST", "/v1/images/busybox/make").send().at("/state"))
                .isEqualTo("ready");
    }
}
