package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A platform that is stopped in order and started again over the same data: the ordinary way to upgrade. */
class RestartIT {
    private static final int LINES = 300;

    @Test
    void whatWasThereIsThereAndWhatRanRunsOn() throws IOException {
        try (TestingPlatform platform = TestingPlatform.start()) {
            String key = platform.key();
            String stopped = platform.sandbox();
            platform.delete(stopped);
            String named = platform.sandbox("{\"name\":\"keeper\",\"image\":\"busybox\",\"memory\":\"64Mi\"}");
            String execs = "/v1/sandboxes/" + named + "/execs";
            String exec = platform.client()
                    .post(
                            execs,
                            "{\"argv\":[\"sh\",\"-c\",\"i=0; while [ $i -lt " + LINES
                                    + " ]; do echo line $i; i=$((i+1)); sleep 0.01; done; exit 3\"]}")
                    .at("/id");
            String done = platform.sh(named, "echo before").at("/id");
            InputStream followed = platform
                    .client()
                    .request("GET", execs + "/" + exec + "/output")
                    .header("Accept", "text/event-stream")
                    .stream();
            String image = platform.client().get("/v1/images/busybox").at("/id");

            platform.restart();

            assertThat(new String(followed.readAllBytes(), StandardCharsets.UTF_8))
                    .as("what a reader is told")
                    .contains("event: error")
                    .contains("\"code\":\"shutting_down\"");
            assertThat(platform.key()).isEqualTo(key);
            assertThat(platform.client().get("/v1/images/busybox").at("/id")).isEqualTo(image);
            assertThat(platform.client().get("/v1/sandboxes/" + stopped).at("/reason"))
                    .isEqualTo("canceled");
            Answer running = platform.client().get("/v1/sandboxes/" + named);
            assertThat(running.at("/state")).as(running.text()).isEqualTo("running");

            Answer ended = platform.client().get(execs + "/" + exec + "?wait=60s");
            assertThat(ended.at("/exit_code")).as(ended.text()).isEqualTo("3");
            assertThat(ended.at("/output/stdout/text"))
                    .isEqualTo(IntStream.range(0, LINES)
                            .mapToObj(i -> "line " + i + "\n")
                            .collect(Collectors.joining()));
            assertThat(platform.client().get(execs + "/" + done + "?wait=60s").at("/output/stdout/text"))
                    .isEqualTo("before\n");
            assertThat(platform.sh(named, "echo works").at("/output/stdout/text"))
                    .isEqualTo("works\n");
            platform.delete(named);
        }
    }

    @Test
    void aDrainEndsEverythingWithAReason() {
        try (TestingPlatform platform = TestingPlatform.start()) {
            HostLeftovers before = platform.snapshot();
            String sandbox = platform.sandbox();
            assertThat(platform.drain()).isZero();
            assertThat(platform.client().get("/v1/sandboxes/" + sandbox).at("/reason"))
                    .isEqualTo("evicted");
            assertThat(platform.client()
                            .post("/v1/sandboxes", "{\"image\":\"busybox\"}")
                            .at("/code"))
                    .isEqualTo("shutting_down");
            await().untilAsserted(
                            () -> assertThat(platform.left(before)).noneMatch(thing -> thing.startsWith("process ")));
        }
    }
}
