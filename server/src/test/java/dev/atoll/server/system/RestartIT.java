package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A platform that is stopped in order and started again over the same data. */
class RestartIT {
    @Test
    void whatWasThereIsThereAndWhatRanHasEnded() throws IOException {
        try (TestingPlatform platform = TestingPlatform.start()) {
            String key = platform.key();
            String stopped = platform.sandbox();
            platform.delete(stopped);
            String named = platform.sandbox("{\"name\":\"keeper\",\"image\":\"busybox\",\"memory\":\"64Mi\"}");
            String exec = platform.client()
                    .post("/v1/sandboxes/" + named + "/execs", "{\"argv\":[\"sleep\",\"1000\"]}")
                    .at("/id");
            InputStream followed = platform
                    .client()
                    .request("GET", "/v1/sandboxes/" + named + "/execs/" + exec + "/output")
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
            Answer ended = platform.client().get("/v1/sandboxes/" + named + "?until=stopped&wait=60s");
            assertThat(ended.at("/state")).as(ended.text()).isEqualTo("stopped");
            assertThat(ended.at("/reason")).isNotEmpty();
            Answer again = platform.client()
                    .post("/v1/sandboxes?wait=60s", "{\"name\":\"keeper\",\"image\":\"busybox\",\"memory\":\"64Mi\"}");
            assertThat(again.at("/state")).as(again.text()).isEqualTo("running");
            assertThat(platform.sh(again.at("/id"), "echo works").at("/output/stdout/text"))
                    .isEqualTo("works\n");
        }
    }
}
