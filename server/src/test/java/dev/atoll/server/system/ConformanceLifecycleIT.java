package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a sandbox survives, and what ends it: the lifecycle part of {@code docs/conformance.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceLifecycleIT {
    private static final int AT_ONCE = 200;

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String bystander;

    @BeforeAll
    void make() {
        bystander = platform.sandbox();
    }

    @AfterAll
    void remove() {
        platform.delete(bystander);
    }

    private void nobodyElseIsHurt() {
        assertThat(platform.sh(bystander, "echo fine").at("/output/stdout/text"))
                .isEqualTo("fine\n");
        assertThat(client.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void twoHundredExecsRunAtOnce() throws Exception {
        String sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"512Mi\",\"cpu\":\"2\"}");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> all = IntStream.range(0, AT_ONCE)
                    .mapToObj(i -> threads.submit(
                            () -> platform.sh(sandbox, "echo out " + i + "; echo err " + i + " >&2; exit " + i % 100)))
                    .toList();
            for (int i = 0; i < AT_ONCE; i++) {
                Answer exec = all.get(i).get();
                assertThat(exec.at("/output/stdout/text")).isEqualTo("out " + i + "\n");
                assertThat(exec.at("/output/stderr/text")).isEqualTo("err " + i + "\n");
                assertThat(exec.at("/exit_code")).isEqualTo(Integer.toString(i % 100));
            }
        }
        assertThat(platform.sh(sandbox, "ps -o stat | grep -c '^Z'").at("/output/stdout/text"))
                .as("zombies")
                .isEqualTo("0\n");
        platform.delete(sandbox);
    }

    @Test
    void aSandboxThatRunsOutOfMemorySaysSoAndNobodyElseIsHurt() {
        String sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"96Mi\"}");
        Answer exec =
                client.post("/v1/sandboxes/" + sandbox + "/execs?wait=60s", "{\"argv\":[\"tail\",\"/dev/zero\"]}");
        assertThat(exec.at("/reason")).as(exec.text()).isEqualTo("oom");
        assertThat(exec.at("/hint")).contains("96Mi", "192Mi");
        await().untilAsserted(() ->
                assertThat(client.get("/v1/sandboxes/" + sandbox).at("/reason")).isEqualTo("oom"));
        nobodyElseIsHurt();
    }

    @Test
    void aForkBombLeavesItsSandboxUsable() {
        String sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"256Mi\",\"pids\":64}");
        Answer bomb = client.post(
                "/v1/sandboxes/" + sandbox + "/execs",
                "{\"argv\":[\"sh\",\"-c\",\"while :; do sleep 100 & done\"],\"timeout\":\"3s\"}");
        Answer ended = client.get("/v1/sandboxes/" + sandbox + "/execs/" + bomb.at("/id") + "?wait=60s");
        assertThat(ended.at("/state")).as(ended.text()).isEqualTo("ended");
        await().untilAsserted(
                        () -> assertThat(platform.sh(sandbox, "echo usable").at("/output/stdout/text"))
                                .isEqualTo("usable\n"));
        nobodyElseIsHurt();
        platform.delete(sandbox);
    }

    @Test
    void aFullDiskIsAnErrorOfTheWriterAndNobodyElseIsHurt() {
        String sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"256Mi\",\"disk\":\"16Mi\"}");
        Answer exec = platform.sh(sandbox, "dd if=/dev/zero of=/fill bs=1M count=64");
        assertThat(exec.at("/exit_code")).isNotEqualTo("0");
        assertThat(exec.at("/output/stderr/text")).contains("No space left on device");
        assertThat(platform.sh(sandbox, "rm /fill; echo again > /small; cat /small")
                        .at("/output/stdout/text"))
                .isEqualTo("again\n");
        nobodyElseIsHurt();
        platform.delete(sandbox);
    }

    @Test
    void aRunGoesOnThroughARestartOfThePlatform() {
        try (TestingPlatform own = TestingPlatform.start()) {
            Answer begun = own.client()
                    .request("POST", "/v1/runs?wait=0s")
                    .header("Idempotency-Key", "through-a-restart")
                    .json("{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"64Mi\"},"
                            + "\"exec\":{\"argv\":[\"sh\",\"-c\",\"echo begun; sleep 4; echo ended\"]}}")
                    .send();
            assertThat(begun.status()).as(begun.text()).isEqualTo(202);
            String execs = "/v1/sandboxes/" + begun.at("/sandbox_id") + "/execs";
            await().until(() -> own.client().get(execs).text().contains("\"running\""));
            String command = own.client().get(execs).at("/items/0/id");

            own.restart();

            Answer ended = own.client().get("/v1/runs/" + begun.at("/id") + "?wait=60s");
            assertThat(ended.at("/state")).as(ended.text()).isEqualTo("ended");
            assertThat(ended.at("/exec/id")).as("the same process").isEqualTo(command);
            assertThat(ended.at("/exec/output/stdout/text")).isEqualTo("begun\nended\n");
            await().untilAsserted(() -> assertThat(own.client()
                            .get("/v1/sandboxes/" + begun.at("/sandbox_id"))
                            .at("/state"))
                    .isEqualTo("stopped"));
        }
    }
}
