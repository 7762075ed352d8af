package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A sandbox of the default image with code contexts in it, for tests. Shared by those that leave nothing behind. */
final class CodeContexts {
    private final TestingPlatform platform;
    private final String sandbox;
    private ContractClient client;

    CodeContexts(TestingPlatform platform) {
        this.platform = platform;
        this.client = platform.client();
        this.sandbox = platform.sandbox("{\"memory\":\"1Gi\"}");
    }

    String box() {
        return "/v1/sandboxes/" + sandbox;
    }

    ContractClient client() {
        return client;
    }

    void restartPlatform() {
        platform.restart();
        client = platform.client();
    }

    Answer sh(String command) {
        return platform.sh(sandbox, command);
    }

    /** The path of a new context. */
    String context(String request) {
        Answer made = client.post(box() + "/contexts", request);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.at("/state")).isEqualTo("idle");
        return box() + "/contexts/" + made.at("/id");
    }

    static String code(String text) {
        return JsonMapper.shared().writeValueAsString(Map.of("code", text));
    }

    static String code(String text, String timeout) {
        return JsonMapper.shared().writeValueAsString(new HashMap<>(Map.of("code", text, "timeout", timeout)));
    }

    /** A run that has ended. */
    Answer run(String context, String text) {
        Answer ran = client.post(context + "/runs?wait=60s", code(text));
        assertThat(ran.at("/state")).as(ran.text()).isEqualTo("ended");
        return ran;
    }

    /** The main result of a run, as text; empty when it has none. */
    String value(String context, String text) {
        Answer ran = run(context, text);
        assertThat(ran.at("/reason")).as(ran.text()).isEqualTo("completed");
        for (JsonNode result : ran.json().get("results")) {
            if (result.get("is_main_result").asBoolean()) {
                return result.at("/data/text~1plain").asString();
            }
        }
        return "";
    }

    Answer get(String context, Answer run) {
        return client.get(context + "/runs/" + run.at("/id") + "?wait=60s");
    }

    Answer post(String path) {
        return client.request("POST", path).send();
    }
}
