package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What can be read of a sandbox after its end, as a client sees it. */
class RetentionIT {
    @Test
    void whatASandboxSaidIsReadAfterItsEndAndAfterARestart() throws Exception {
        try (TestingPlatform platform = TestingPlatform.start()) {
            String sandbox = platform.sandbox();
            String path = "/v1/sandboxes/" + sandbox;
            String said = platform.sh(sandbox, "echo out; echo err >&2; exit 3").at("/id");
            String runs = platform.client()
                    .post(path + "/execs", "{\"argv\":[\"sh\",\"-c\",\"echo begun; exec sleep 1000\"]}")
                    .at("/id");
            String big = platform.sh(sandbox, "yes | head -c 9000000").at("/id");
            assertThat(platform.client()
                            .get(path + "/execs/" + runs + "/output?wait=30s")
                            .at("/frames/0/text"))
                    .isEqualTo("begun\n");
            try (InputStream followed = platform
                    .client()
                    .request("GET", path + "/execs/" + runs + "/output")
                    .header("Accept", "text/event-stream")
                    .stream()) {
                platform.delete(sandbox);
                assertThat(new String(followed.readAllBytes(), StandardCharsets.UTF_8))
                        .as("whoever follows is told the end")
                        .contains("begun")
                        .contains("event: end")
                        .contains("sandbox_stopped");
            }
            for (int life = 0; life < 2; life++) {
                ContractClient client = platform.client();
                assertThat(client.get(path).at("/reason")).isEqualTo("canceled");
                assertThat(client.get(path + "/execs").json().get("items")).hasSize(3);
                Answer ended = client.get(path + "/execs/" + said + "?wait=1s");
                assertThat(ended.at("/exit_code")).isEqualTo("3");
                assertThat(ended.at("/output/stdout/text")).isEqualTo("out\n");
                assertThat(ended.at("/output/stderr/text")).isEqualTo("err\n");
                assertThat(client.get(path + "/execs/" + runs).at("/reason")).isEqualTo("sandbox_stopped");
                assertThat(client.get(path + "/execs/" + big + "/output?offset=8999998")
                                .at("/frames/0/text"))
                        .isEqualTo("y\n");
                assertThat(client.post(path + "/execs/" + runs + "/signal", "{\"signal\":\"SIGTERM\"}")
                                .code())
                        .isEqualTo("sandbox_stopped");
                assertThat(client.request("POST", path + "/execs/" + runs + "/input?offset=0")
                                .bytes("application/octet-stream", new byte[] {1})
                                .send()
                                .code())
                        .isEqualTo("sandbox_stopped");
                assertThat(platform.stranger().get(path + "/execs").code()).isEqualTo("sandbox_not_found");
                platform.restart();
            }
        }
    }

    @Test
    void afterTheRetentionTheProblemSaysWhenItEnded() {
        try (TestingPlatform platform = TestingPlatform.with("--retention-count=0")) {
            String sandbox = platform.sandbox();
            String path = "/v1/sandboxes/" + sandbox;
            String exec = platform.sh(sandbox, "echo x").at("/id");
            platform.delete(sandbox);
            for (String what : new String[] {"/execs", "/execs/" + exec, "/execs/" + exec + "/output"}) {
                Answer gone = platform.client().get(path + what);
                assertThat(gone.status()).as(gone.text()).isEqualTo(410);
                assertThat(gone.code()).isEqualTo("retention_over");
                assertThat(gone.at("/detail")).contains("ended at 20");
            }
            assertThat(platform.client().get(path).at("/state")).isEqualTo("stopped");
        }
    }
}
