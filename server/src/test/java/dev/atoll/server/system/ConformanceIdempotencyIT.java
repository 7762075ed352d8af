package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.server.TestingPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same request again does nothing more: the idempotency part of {@code docs/conformance.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceIdempotencyIT {
    private static final int REPEATS = 100;

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();

    private Answer create(String key, String body) {
        return client.request("POST", "/v1/sandboxes")
                .header("Idempotency-Key", key)
                .json(body)
                .send();
    }

    private static List<Answer> atOnce(Callable<Answer> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> futures = IntStream.range(0, REPEATS)
                    .mapToObj(i -> threads.submit(call))
                    .toList();
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    @Test
    void aHundredCreatesWithOneKeyAreOneSandbox() throws Exception {
        String key = UUID.randomUUID().toString();
        String body = "{\"image\":\"busybox\",\"memory\":\"64Mi\",\"labels\":{\"key\":\"" + key + "\"}}";
        List<Answer> answers = atOnce(() -> create(key, body));
        assertThat(answers.stream().map(answer -> answer.at("/id")).distinct()).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        assertThat(client.get("/v1/sandboxes?label=key=" + key).json().get("items"))
                .hasSize(1);
        platform.delete(answers.getFirst().at("/id"));
    }

    @Test
    void aHundredRunsWithOneKeyAreOneRun() throws Exception {
        String key = UUID.randomUUID().toString();
        String body = "{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"64Mi\",\"labels\":{\"key\":\"" + key
                + "\"}},\"exec\":{\"argv\":[\"echo\",\"once\"]}}";
        List<Answer> answers = atOnce(() -> client.request("POST", "/v1/runs?wait=60s")
                .header("Idempotency-Key", key)
                .json(body)
                .send());
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> answer.at("/exec/id")).distinct())
                .hasSize(1);
        assertThat(client.get("/v1/sandboxes?label=key=" + key).json().get("items"))
                .hasSize(1);
        Answer other = client.request("POST", "/v1/runs")
                .header("Idempotency-Key", key)
                .json("{\"sandbox\":{\"image\":\"busybox\"},\"exec\":{\"argv\":[\"true\"]}}")
                .send();
        assertThat(other.code()).isEqualTo("idempotency_conflict");
    }

    @Test
    void aRequestThatWasRefusedForNowIsCarriedOutWhenItIsRepeated() {
        long most = MemorySize.parse(client.get("/v1/capabilities").at("/hosts/0/capacity/memory"))
                        .bytes()
                >> 20;
        String large = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"" + (most - most / 4) + "Mi\"}");
        String key = UUID.randomUUID().toString();
        String body = "{\"image\":\"busybox\",\"memory\":\"" + most / 2 + "Mi\"}";
        Answer refused = create(key, body);
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("capacity");
        assertThat(refused.header("Retry-After")).isPresent();
        platform.delete(large);
        await().untilAsserted(() -> assertThat(create(key, body).status()).isIn(200, 201));
        Answer again = create(key, body);
        assertThat(again.status()).isEqualTo(200);
        platform.delete(again.at("/id"));
    }

    @Test
    void aNameIsGivenOnceHoweverManyAskForIt() throws Exception {
        String name = "name-" + UUID.randomUUID().toString().substring(0, 8);
        List<Answer> answers = atOnce(() ->
                client.post("/v1/sandboxes", "{\"name\":\"" + name + "\",\"image\":\"busybox\",\"memory\":\"64Mi\"}"));
        List<Answer> made =
                answers.stream().filter(answer -> answer.status() == 201).toList();
        assertThat(made).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() != 201).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("sandbox_name_taken");
        });
        platform.delete(made.getFirst().at("/id"));
    }
}
