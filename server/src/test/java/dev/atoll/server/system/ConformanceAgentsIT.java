package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a language model at the other end needs: the agents' part of {@code docs/conformance.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceAgentsIT {
    private static final JsonMapper JSON = new JsonMapper();

    /** What a common client shows of an error. */
    private static final int MOST_OF_AN_ERROR = 11_000;

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String execs;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        execs = "/v1/sandboxes/" + sandbox + "/execs";
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    /** A client that gives up in the middle of a call, as those do that time out after a minute. */
    private void giveUp(String path, String key, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.port() + path))
                .timeout(Duration.ofMillis(700))
                .header("Authorization", "Bearer " + platform.key())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(request, BodyHandlers.ofString());
            throw new AssertionError("the call was over before its client gave up");
        } catch (HttpTimeoutException e) {
            assertThat(e).isNotNull();
        }
    }

    @Test
    void aClientThatGivesUpAndAsksAgainGetsTheSameProcess() throws Exception {
        String key = UUID.randomUUID().toString();
        String body = "{\"argv\":[\"sh\",\"-c\",\"echo ran >> /tmp/once; sleep 3; cat /tmp/once\"]}";
        giveUp(execs + "?wait=60s", key, body);
        Answer again = client.request("POST", execs + "?wait=60s")
                .header("Idempotency-Key", key)
                .json(body)
                .send();
        assertThat(again.at("/state")).as(again.text()).isEqualTo("ended");
        assertThat(again.at("/output/stdout/text")).as("one process").isEqualTo("ran\n");
    }

    @Test
    void aRunWhoseClientVanishesEndsAndLeavesNothing() throws Exception {
        String key = UUID.randomUUID().toString();
        String body = "{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"64Mi\",\"labels\":{\"run\":\"" + key
                + "\"}},\"exec\":{\"argv\":[\"sh\",\"-c\",\"sleep 2; echo over\"]}}";
        giveUp("/v1/runs?wait=60s", key, body);
        JsonNode made = client.get("/v1/sandboxes?label=run=" + key).json().get("items");
        assertThat(made).hasSize(1);
        await().untilAsserted(() -> assertThat(
                        client.get("/v1/sandboxes/" + made.get(0).get("id").asString())
                                .at("/state"))
                .isEqualTo("stopped"));
        Answer told = client.request("POST", "/v1/runs")
                .header("Idempotency-Key", key)
                .json(body)
                .send();
        assertThat(told.at("/exec/output/stdout/text")).isEqualTo("over\n");
        assertThat(client.get("/v1/sandboxes?label=run=" + key).json().get("items"))
                .hasSize(1);
    }

    @Test
    void aRunIsOneCall() {
        Answer run = client.post(
                "/v1/runs",
                "{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"64Mi\",\"env\":{\"A\":\"a\"}},"
                        + "\"exec\":{\"argv\":[\"sh\",\"-c\",\"cat; echo $A; exit 3\"],\"input\":{\"text\":\"in\\n\"}},"
                        + "\"view\":{\"max_output_tokens\":100}}");
        assertThat(run.status()).as(run.text()).isEqualTo(200);
        assertThat(run.at("/state")).isEqualTo("ended");
        assertThat(run.at("/exec/exit_code")).isEqualTo("3");
        assertThat(run.at("/exec/output/view/text")).isEqualTo("in\na\n");
        assertThat(run.json().at("/exec/output/stdout").isMissingNode()).isTrue();
        assertThat(run.header("Location")).contains("/v1/runs/" + run.at("/id"));
        assertThat(client.get("/v1/runs/" + run.at("/id")).at("/exec/output/view/text"))
                .isEqualTo("in\na\n");
        assertThat(platform.stranger().get("/v1/runs/" + run.at("/id")).code()).isEqualTo("run_not_found");
        Answer later = client.post(
                "/v1/runs?wait=100ms",
                "{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"64Mi\"},\"exec\":{\"argv\":[\"sleep\",\"2\"]}}");
        assertThat(later.status()).isEqualTo(202);
        assertThat(later.at("/state")).isEqualTo("running");
        assertThat(client.get("/v1/runs/" + later.at("/id") + "?wait=60s").at("/state"))
                .isEqualTo("ended");
    }

    @Test
    void filesGoIntoARunAndComeBack() {
        String script = "#!/bin/sh\ncat 'in/a b.txt' > out.1; printf '\\377' > out.2; mkdir out.d;"
                + " head -c 5000000 /dev/zero > out.large";
        Answer run = client.post(
                "/v1/runs",
                JSON.writeValueAsString(Map.of(
                        "sandbox", Map.of("image", "busybox", "memory", "64Mi"),
                        "files",
                                List.of(
                                        Map.of("path", "in/a b.txt", "text", "grüße"),
                                        Map.of("path", "/tmp/run.sh", "text", script, "mode", "0755")),
                        "exec", Map.of("argv", List.of("/tmp/run.sh"), "cwd", "/tmp"),
                        "collect", List.of("out.*", "missing", "/tmp"))));
        assertThat(run.at("/exec/exit_code")).as(run.text()).isEqualTo("0");
        assertThat(run.at("/files/0/path")).as(run.text()).isEqualTo("/tmp/out.1");
        assertThat(run.at("/files/0/text")).isEqualTo("grüße");
        assertThat(run.at("/files/1/base64")).isEqualTo("/w==");
        assertThat(run.at("/files/2/problem/code")).isEqualTo("collect_limit");
        assertThat(run.at("/files/2/size")).isEqualTo("5000000");
        assertThat(run.at("/files/3/problem/code")).isEqualTo("file_not_found");
        assertThat(run.at("/files/4/problem/code")).isEqualTo("is_a_directory");
        assertThat(run.json().get("files")).hasSize(5);
        Answer unwritable = client.post(
                "/v1/runs",
                "{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"64Mi\"},"
                        + "\"files\":[{\"path\":\"/etc/x\",\"text\":\"\"}],"
                        + "\"exec\":{\"argv\":[\"true\"],\"user\":\"1000\"}}");
        assertThat(unwritable.code()).isEqualTo("file_permission_denied");
    }

    @Test
    void aRunThatCannotBeIsAProblem() {
        assertThat(client.post("/v1/runs", "{\"sandbox\":{\"image\":\"no-such\"},\"exec\":{\"argv\":[\"true\"]}}")
                        .code())
                .isEqualTo("image_not_found");
        assertThat(client.post(
                                "/v1/runs",
                                "{\"sandbox\":{\"image\":\"busybox\",\"ttl\":\"1h\"},\"exec\":{\"argv\":[\"true\"]}}")
                        .code())
                .isEqualTo("invalid_request");
        assertThat(client.post(
                                "/v1/runs",
                                "{\"sandbox\":{\"image\":\"busybox\"},\"exec\":{\"argv\":[\"true\"],\"user\":\"nobody-at-all\"}}")
                        .code())
                .isEqualTo("user_not_found");
        assertThat(client.get("/v1/runs/run_aaaaaaaaaaaaaaaaaaaa").code()).isEqualTo("run_not_found");
    }

    @Test
    void aResultKeepsToItsBudgetAndItsSumsAreRight() {
        String command =
                "i=0; while [ $i -lt 20000 ]; do echo line $i é; i=$((i+1)); done; echo the reason >&2; exit 1";
        Answer exec = client.post(
                execs + "?wait=60s&max_output_tokens=500", "{\"argv\":[\"sh\",\"-c\",\"" + command + "\"]}");
        JsonNode view = exec.json().at("/output/view");
        String text = view.get("text").asString();
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(2_000);
        assertThat(text).startsWith("line 0 é\n").endsWith("the reason\n");
        long total = exec.json().at("/output/total_bytes").asLong();
        assertThat(view.get("total_bytes").asLong()).isEqualTo(total);
        assertThat(view.get("total_lines").asLong()).isEqualTo(20_001);
        long head = view.get("head_end").asLong();
        long tail = view.get("tail_start").asLong();
        assertThat(view.get("omitted_bytes").asLong()).isEqualTo(tail - head);
        assertThat(head + (tail - head) + (total - tail)).isEqualTo(total);
        assertThat(view.get("next_offset").asLong()).isEqualTo(total);
        String path = execs + "/" + exec.at("/id") + "/output";
        assertThat(view.get("log_url").asString()).isEqualTo(path);
        String next = client.get(path + "?limit=100&offset=" + head).at("/frames/0/text");
        assertThat(next).as("the log goes on where the head ends").startsWith("line ");
        assertThat(client.get(path + "/view?max_output_tokens=100&offset=" + head)
                        .at("/text"))
                .startsWith(next.substring(0, 40));
        Answer found = client.get(path + "/view?grep=%5Eline%20.*99%20");
        assertThat(found.at("/matched_lines")).isEqualTo("200");
        assertThat(client.get(path + "/view?tail_lines=2").at("/text")).endsWith("line 19999 é\nthe reason\n");
        Answer plain = client.request("GET", path + "/view?max_output_tokens=100")
                .header("Accept", "text/plain")
                .send();
        assertThat(plain.text()).startsWith("exit 1 · ").contains(" B left out from offset ");
    }

    @Test
    void anErrorIsShortAndItsCodeComesFirst() {
        String odd = "\\u0001\\\"\\\\".repeat(2_000);
        String[] bodies = {
            "{\"argv\":[\"true\"],\"" + odd + "\":1}",
            "{\"argv\":[\"true\"],\"cwd\":\"/" + "\\\"".repeat(2_000) + "\"}",
            "{\"argv\":[\"true\"],\"user\":\"" + odd + "\"}",
            "{\"argv\":[\"true\"],\"timeout\":\"" + odd + "\"}",
            "{\"argv\":[\"true\"],\"env\":{\"=" + odd + "\":\"\"}}",
            "{\"argv\":[\"true\"]" + " ".repeat(100) + odd
        };
        for (String body : bodies) {
            Answer answer = client.request("POST", execs + "?wait=60s")
                    .json(body)
                    .broken()
                    .send();
            assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
            assertThat(answer.text()).startsWith("{\"code\":\"");
            assertThat(answer.text().length()).isLessThan(MOST_OF_AN_ERROR);
        }
        Answer missing = client.post(execs + "?wait=60s", "{\"argv\":[\"/" + "n\\\"".repeat(3_000) + "\"]}");
        assertThat(missing.json().get("error").toString().length()).isLessThan(MOST_OF_AN_ERROR);
    }

    @Test
    void aDescriptionFitsIntoAPrompt() {
        Answer description = client.get("/v1/sandboxes/" + sandbox + "/describe");
        assertThat(description.at("/text"))
                .contains("commands run as root", "256Mi memory", "It ends with all its files in ");
        assertThat(description.at("/text").length()).isLessThanOrEqualTo(800);
        Answer plain = client.request("GET", "/v1/sandboxes/" + sandbox + "/describe")
                .header("Accept", "text/plain")
                .send();
        assertThat(plain.text()).startsWith("Linux sandbox");
        int asked = client.get(execs).json().get("items").size();
        client.get("/v1/sandboxes/" + sandbox + "/describe");
        assertThat(client.get(execs).json().get("items").size())
                .as("what is known is not asked again")
                .isEqualTo(asked);
    }
}
