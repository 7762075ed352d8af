package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.server.TestingPlatform;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The default image: made by the platform at the first wish for it, and good for what agents do. */
class BaseImageIT {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void pythonRunsInTheDefaultImage() {
        try (TestingPlatform platform = TestingPlatform.withBaseImage()) {
            check(platform);
        }
    }

    private static void check(TestingPlatform platform) {
        Instant begun = Instant.now();
        Answer image = platform.client().request("POST", "/v1/images/base/make").send();
        assertThat(image.status()).as(image.text()).isEqualTo(202);
        while (!image.at("/state").equals("ready")) {
            assertThat(image.at("/state")).as(image.text()).isEqualTo("making");
            assertThat(image.at("/progress")).isNotEmpty();
            assertThat(Duration.between(begun, Instant.now())).isLessThan(PATIENCE);
            image = platform.client().get("/v1/images/base?until=ready&wait=60s");
        }
        String sandbox = platform.sandbox("{}");
        Answer exec = platform.client()
                .post(
                        "/v1/sandboxes/" + sandbox + "/execs?wait=60s",
                        "{\"argv\":[\"python3\",\"-c\",\"import platform, json; print(json.dumps(platform.uname()._asdict()))\"]}");
        assertThat(exec.at("/exit_code")).as(exec.text()).isEqualTo("0");
        assertThat(exec.at("/output/stdout/text")).contains("Linux");
        assertThat(platform.sh(sandbox, "bash --version; node --version; git --version; curl --version; ps --version")
                        .at("/exit_code"))
                .isEqualTo("0");
        platform.delete(sandbox);
    }
}
