package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.api.contract.OpenApiDocument;
import dev.atoll.api.contract.OpenApiDocument.Operation;
import dev.atoll.server.TestingPlatform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Every operation of the contract, by everyone who must not have it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenancyIT {
    private static final String UNKNOWN_SANDBOX = "sbx_" + "z".repeat(20);
    private static final String UNKNOWN_EXEC = "ex_" + "z".repeat(20);
    /** What stands in paths besides sandboxes and execs; none of it exists. */
    private static final Map<String, String> SEGMENTS = Map.of(
            "session_id", "ses_" + "z".repeat(20),
            "context_id", "ctx_" + "z".repeat(20),
            "context_run_id", "crun_" + "z".repeat(20),
            "run_id", "run_" + "z".repeat(20),
            "hold_name", "mine",
            "token", "none",
            "image_name", "unheard-of");

    private static final Map<String, String> QUERIES = Map.of("offset", "0", "path", "/tmp/foreign");

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient owner = platform.client();
    private final ContractClient stranger = platform.stranger();
    private String sandbox;
    private String exec;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        exec = platform.sh(sandbox, "echo private").at("/id");
    }

    @AfterAll
    void remove() {
        assertThat(owner.get("/v1/sandboxes/" + sandbox).at("/state"))
                .as("what strangers did")
                .isEqualTo("running");
        assertThat(owner.get("/v1/sandboxes/" + sandbox + "/execs").json().get("items"))
                .hasSize(1);
        platform.delete(sandbox);
    }

    private static OpenApiDocument document() {
        return ContractClient.contract().document();
    }

    private List<Operation> operations() {
        return document().operations();
    }

    @TestFactory
    List<DynamicTest> withoutAKeyNothingUnderV1Answers() {
        return operations().stream()
                .filter(operation -> operation.path().startsWith("/v1/"))
                .filter(operation -> !operation.path().contains("{token}"))
                .map(operation -> DynamicTest.dynamicTest(operation.id(), () -> {
                    for (String key : new String[] {null, "wrong", platform.key() + "x", swapped(platform.key())}) {
                        Answer answer = call(owner.with(Optional.ofNullable(key)), operation, sandbox, exec);
                        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
                        assertThat(answer.code()).isEqualTo("unauthenticated");
                    }
                }))
                .toList();
    }

    /** The same key but for one character: its checksum does not fit. */
    private static String swapped(String key) {
        return key.substring(0, 10) + (key.charAt(10) == 'a' ? 'b' : 'a') + key.substring(11);
    }

    @TestFactory
    List<DynamicTest> anotherWorkspacesThingsAreLikeThoseThatDoNotExist() {
        return operations().stream()
                .filter(operation -> operation.path().contains("{sandbox_id}"))
                .map(operation -> DynamicTest.dynamicTest(operation.id(), () -> {
                    Answer foreign = call(stranger, operation, sandbox, exec);
                    Answer unknown = call(owner, operation, UNKNOWN_SANDBOX, UNKNOWN_EXEC);
                    assertThat(foreign.status()).as(foreign.text()).isEqualTo(404);
                    assertThat(foreign.code()).isEqualTo("sandbox_not_found");
                    assertThat(anonymous(foreign)).isEqualTo(anonymous(unknown));
                }))
                .toList();
    }

    private String anonymous(Answer answer) {
        return answer.text()
                .replace(answer.at("/request_id"), "")
                .replace(sandbox, "SANDBOX")
                .replace(UNKNOWN_SANDBOX, "SANDBOX");
    }

    @TestFactory
    List<DynamicTest> idsOfAnotherKindAreNoIds() {
        return operations().stream()
                .filter(operation -> operation.path().contains("{sandbox_id}"))
                .map(operation -> DynamicTest.dynamicTest(operation.id(), () -> {
                    Answer wrongSandbox = call(owner, operation, exec, exec);
                    assertThat(wrongSandbox.code()).as(wrongSandbox.text()).isEqualTo("invalid_id");
                    if (operation.path().contains("{exec_id}")) {
                        assertThat(call(owner, operation, sandbox, sandbox).code())
                                .isEqualTo("invalid_id");
                        // An id that is not known yet is what putExec is for.
                        assertThat(
                                        operation.id().equals("putExec")
                                                ? "exec_not_found"
                                                : call(owner, operation, sandbox, UNKNOWN_EXEC)
                                                        .code())
                                .isEqualTo("exec_not_found");
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> listsShowOnlyOnesOwn() {
        return List.of(DynamicTest.dynamicTest("listSandboxes", () -> {
            assertThat(stranger.get("/v1/sandboxes").json().get("items")).isEmpty();
            assertThat(owner.get("/v1/sandboxes").text()).contains(sandbox);
        }));
    }

    /** The operation with what it needs to be taken seriously: its parameters, and the first example of its body in the contract. */
    private Answer call(ContractClient client, Operation operation, String sandbox, String exec) {
        String path = operation.path().replace("{sandbox_id}", sandbox).replace("{exec_id}", exec);
        for (Map.Entry<String, String> segment : SEGMENTS.entrySet()) {
            path = path.replace("{" + segment.getKey() + "}", segment.getValue());
        }
        ContractClient.Request request =
                client.request(operation.method(), path + query(operation)).broken();
        JsonNode content = operation.node().path("requestBody").path("content");
        JsonNode examples = content.path("application/json").path("examples");
        if (!examples.isMissingNode()) {
            JsonNode first = document().resolved(examples.iterator().next());
            return request.json(first.get("value").toString()).send();
        }
        return content.isMissingNode()
                ? request.send()
                : request.bytes(content.propertyNames().iterator().next(), new byte[10])
                        .send();
    }

    private static String query(Operation operation) {
        return operation.parameters().stream()
                .filter(parameter -> parameter.get("in").asString().equals("query"))
                .filter(parameter -> parameter.path("required").asBoolean())
                .map(parameter -> parameter.get("name").asString())
                .map(name -> name + "=" + QUERIES.getOrDefault(name, "x"))
                .collect(Collectors.joining("&", "?", ""));
    }
}
