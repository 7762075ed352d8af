package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same key and request again, also at the same time, has the same outcome once. */
class IdempotencyIT {
    private static final int REPEATS = 50;
    private static final String LEAST = "{\"image\":\"busybox\",\"memory\":\"64Mi\",\"labels\":{\"run\":\"%s\"}}";

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();

    @Test
    void fiftyCreatesWithOneKeyAreOneSandbox() throws Exception {
        String key = UUID.randomUUID().toString();
        String body = LEAST.formatted(key);
        List<Answer> answers = atOnce(() -> client.request("POST", "/v1/sandboxes")
                .header("Idempotency-Key", key)
                .json(body)
                .send());
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isIn(200, 201));
        List<String> ids =
                answers.stream().map(answer -> answer.at("/id")).distinct().toList();
        assertThat(ids).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        assertThat(client.get("/v1/sandboxes?label=run=" + key).json().get("items"))
                .hasSize(1);

        Answer again = client.request("POST", "/v1/sandboxes")
                .header("Idempotency-Key", key)
                .json(body)
                .send();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.at("/id")).isEqualTo(ids.getFirst());
        Answer other = client.request("POST", "/v1/sandboxes")
                .header("Idempotency-Key", key)
                .json(LEAST.formatted("another"))
                .send();
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("idempotency_conflict");
        platform.delete(ids.getFirst());
    }

    @Test
    void fiftyExecsWithOneKeyAreOneProcess() throws Exception {
        String sandbox = platform.sandbox();
        String key = UUID.randomUUID().toString();
        List<Answer> answers = atOnce(() -> client.request("POST", "/v1/sandboxes/" + sandbox + "/execs?wait=30s")
                .header("Idempotency-Key", key)
                .json("{\"argv\":[\"sh\",\"-c\",\"echo ran >> /tmp/count\"]}")
                .send());
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(201));
        assertThat(answers.stream().map(answer -> answer.at("/id")).distinct()).hasSize(1);
        assertThat(platform.sh(sandbox, "cat /tmp/count").at("/output/stdout/text"))
                .isEqualTo("ran\n");
        platform.delete(sandbox);
    }

    @Test
    void aSignalWithAKeyIsSentOnce() {
        String sandbox = platform.sandbox();
        Answer exec = client.post(
                "/v1/sandboxes/" + sandbox + "/execs",
                "{\"argv\":[\"sh\",\"-c\",\"trap 'echo hup' HUP; echo ready; while :; do sleep 0.1; done\"]}");
        String path = "/v1/sandboxes/" + sandbox + "/execs/" + exec.at("/id");
        assertThat(client.get(path + "/output?wait=30s").at("/frames/0/text")).isEqualTo("ready\n");
        for (int i = 0; i < 5; i++) {
            assertThat(client.request("POST", path + "/signal")
                            .header("Idempotency-Key", "one-signal")
                            .json("{\"signal\":\"SIGHUP\",\"target\":\"process\"}")
                            .send()
                            .status())
                    .isEqualTo(204);
        }
        assertThat(client.get(path + "/output?offset=6&wait=30s").at("/frames/0/text"))
                .isEqualTo("hup\n");
        assertThat(client.get(path + "/output?offset=10&wait=500ms").json().get("frames"))
                .isEmpty();
        platform.delete(sandbox);
    }

    private static List<Answer> atOnce(Callable<Answer> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> futures = IntStream.range(0, REPEATS)
                    .mapToObj(i -> threads.submit(call))
                    .toList();
            List<Answer> answers = new java.util.ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
