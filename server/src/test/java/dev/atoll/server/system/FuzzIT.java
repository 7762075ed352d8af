package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.api.contract.OpenApiDocument.Operation;
import dev.atoll.server.TestingPlatform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random requests to every operation: none makes the platform stumble, and every answer keeps to the contract. */
class FuzzIT {
    private static final int PER_OPERATION = 40;
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"argv\"",
        "\"image\"",
        "\"nope\"",
        "\"memory\"",
        "\"1Gi\"",
        "null",
        "true",
        "-1",
        "1e400",
        "\"\\u0000\"",
        "\"env\"",
        "\"labels\"",
        "\"\\ud83d\"",
        "\"signal\"",
        "\"SIGKILL\"",
        "\"cpu\"",
        "0.1",
        " ",
        "\n",
        "\"é😀\""
    };

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private final Random random = new Random(20261122);

    @Test
    void nothingMakesItStumble() {
        String sandbox = platform.sandbox();
        String exec = platform.sh(sandbox, "echo x").at("/id");
        for (Operation operation : ContractClient.contract().document().operations()) {
            // These would do what they are asked, which is not what is looked for here.
            if (List.of("deleteSandbox", "makeImage").contains(operation.id())) {
                continue;
            }
            for (int i = 0; i < PER_OPERATION; i++) {
                Answer answer = shot(operation, sandbox, exec);
                assertThat(answer.status())
                        .as("%s: %s", operation.id(), answer.text())
                        .isLessThan(500);
                assertThat(answer.text()).doesNotContain("Exception").doesNotContain("\tat ");
            }
        }
        assertThat(client.get("/healthz").status()).isEqualTo(200);
        platform.delete(sandbox);
    }

    private Answer shot(Operation operation, String sandbox, String exec) {
        String path = operation
                .path()
                .replace("{sandbox_id}", random.nextInt(3) == 0 ? segment() : sandbox)
                .replace("{exec_id}", random.nextInt(3) == 0 ? segment() : exec)
                .replaceAll("\\{[a-z_]+}", segment());
        ContractClient.Request request =
                client.request(operation.method(), path + query(operation)).broken();
        if (operation.method().equals("GET") || operation.method().equals("DELETE")) {
            return request.send();
        }
        boolean bytes = random.nextBoolean();
        byte[] body = bytes ? noise() : text().getBytes(StandardCharsets.UTF_8);
        String type = operation.id().equals("importImage") || operation.id().equals("writeExecInput")
                ? "application/octet-stream"
                : "application/json";
        return request.bytes(random.nextInt(10) == 0 ? "text/plain" : type, body)
                .send();
    }

    private String query(Operation operation) {
        StringBuilder query = new StringBuilder();
        for (var parameter : operation.parameters()) {
            if (parameter.get("in").asString().equals("query") && random.nextBoolean()) {
                String value = switch (random.nextInt(4)) {
                    case 0 -> Integer.toString(random.nextInt(20) - 5);
                    case 1 -> random.nextInt(50) + "ms";
                    case 2 -> "true";
                    default -> URLEncoder.encode(text(), StandardCharsets.UTF_8);
                };
                query.append(query.isEmpty() ? '?' : '&')
                        .append(parameter.get("name").asString())
                        .append('=')
                        .append(value);
            }
        }
        return query.toString();
    }

    private String segment() {
        StringBuilder text = new StringBuilder();
        for (int n = 1 + random.nextInt(25); n > 0; n--) {
            text.append((char) (0x21 + random.nextInt(0x5e)));
        }
        return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
    }

    private String text() {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"image\":\"nope\"," : "");
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }
}
