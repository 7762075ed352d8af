package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commands, as a client sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecIT {
    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String execs;

    @BeforeAll
    void make() {
        sandbox =
                platform.sandbox("{\"image\":\"busybox\",\"memory\":\"256Mi\",\"env\":{\"A\":\"box\",\"B\":\"box\"}}");
        execs = "/v1/sandboxes/" + sandbox + "/execs";
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    private Answer run(String request) {
        return client.post(execs + "?wait=60s", request);
    }

    @Test
    void environmentDirectoryAndUserAreWhatWasAskedFor() {
        Answer exec = run("""
                {"argv":["sh","-c","echo $A $B; pwd; id -u; id -g"],"env":{"B":"exec"},"cwd":"/tmp","user":"1000:1000"}
                """);
        assertThat(exec.at("/output/stdout/text")).isEqualTo("box exec\n/tmp\n1000\n1000\n");
        assertThat(exec.at("/cwd")).isEqualTo("/tmp");
    }

    @Test
    void aCallThatWaitedSaysWhereItsTimeWent() {
        Answer ran = run("{\"argv\":[\"true\"]}");
        assertThat(ran.header("Server-Timing").orElseThrow())
                .matches("auth;.*, db;.*, api;.*, link;.*, agent;.*, guest;.*, process;dur=(?!0\\.000).*, total;.*");
        assertThat(client.post(execs, "{\"argv\":[\"true\"]}").header("Server-Timing"))
                .isEmpty();
    }

    @Test
    void aCommandThatDoesNotExistEndedWith127() {
        Answer exec = run("{\"argv\":[\"no-such-command\",\"x\"]}");
        assertThat(exec.status()).isEqualTo(201);
        assertThat(exec.at("/exit_code")).isEqualTo("127");
        assertThat(exec.at("/error/code")).isEqualTo("command_not_found");
        Answer directory = run("{\"argv\":[\"/tmp\"]}");
        assertThat(directory.at("/exit_code")).isEqualTo("126");
        assertThat(directory.at("/error/code")).isEqualTo("command_not_executable");
    }

    @Test
    void aSignalIsNamed() {
        Answer exec = client.post(execs, "{\"argv\":[\"sleep\",\"100\"]}");
        assertThat(exec.at("/state")).isEqualTo("running");
        String path = execs + "/" + exec.at("/id");
        assertThat(client.post(path + "/signal", "{\"signal\":\"SIGTERM\"}").status())
                .isEqualTo(204);
        Answer ended = client.get(path + "?wait=60s");
        assertThat(ended.at("/reason")).isEqualTo("signaled");
        assertThat(ended.at("/signal")).isEqualTo("SIGTERM");
        assertThat(ended.json().get("exit_code").isNull()).isTrue();
        Answer late = client.post(path + "/signal", "{\"signal\":\"SIGTERM\"}");
        assertThat(late.code()).isEqualTo("exec_ended");
    }

    @Test
    void aSignalReachesTheGroup() {
        Answer exec = client.post(execs, "{\"argv\":[\"sh\",\"-c\",\"sleep 100 & wait\"]}");
        String path = execs + "/" + exec.at("/id");
        assertThat(client.post(path + "/signal", "{\"signal\":\"SIGKILL\",\"target\":\"group\"}")
                        .status())
                .isEqualTo(204);
        assertThat(client.get(path + "?wait=60s").at("/signal")).isEqualTo("SIGKILL");
    }

    @Test
    void aTimeoutKillsAndAWaitDoesNot() {
        Instant begun = Instant.now();
        Answer waited = client.post(execs + "?wait=200ms", "{\"argv\":[\"sleep\",\"100\"],\"timeout\":\"2s\"}");
        assertThat(waited.at("/state")).isEqualTo("running");
        Answer ended = client.get(execs + "/" + waited.at("/id") + "?wait=60s");
        assertThat(ended.at("/reason")).isEqualTo("timeout");
        assertThat(ended.at("/timeout")).isEqualTo("2s");
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void stdinIsWrittenByOffsetAndRepeatsAreHarmless() {
        Answer exec = client.post(execs, "{\"argv\":[\"cat\"],\"stdin\":true}");
        assertThat(exec.at("/stdin/open")).isEqualTo("true");
        String path = execs + "/" + exec.at("/id");
        assertThat(input(path, 0, "hello ", false).at("/next_offset")).isEqualTo("6");
        assertThat(input(path, 0, "hello ", false).at("/next_offset")).isEqualTo("6");
        assertThat(input(path, 3, "lo world", false).at("/next_offset")).isEqualTo("11");
        assertThat(input(path, 50, "x", false).code()).isEqualTo("input_gap");
        Answer closed =
                client.request("POST", path + "/input?offset=11&close=true").send();
        assertThat(closed.at("/closed")).isEqualTo("true");
        Answer ended = client.get(path + "?wait=60s");
        assertThat(ended.at("/output/stdout/text")).isEqualTo("hello world");
        assertThat(ended.at("/exit_code")).isEqualTo("0");
        assertThat(input(path, 11, "more", false).code()).isIn("input_closed", "exec_ended");
    }

    @Test
    void aProcessThatDoesNotReadTakesWhatFits() {
        Answer exec = client.post(execs, "{\"argv\":[\"sleep\",\"100\"],\"stdin\":true}");
        String path = execs + "/" + exec.at("/id");
        long accepted = 0;
        for (int i = 0; i < 8 && accepted == (long) i << 20; i++) {
            Answer input = client.request("POST", path + "/input?wait=200ms&offset=" + accepted)
                    .bytes("application/octet-stream", new byte[1 << 20])
                    .send();
            accepted = input.json().get("next_offset").asLong();
        }
        assertThat(accepted).isLessThan(8 << 20);
        client.post(path + "/signal", "{\"signal\":\"SIGKILL\"}");
        assertThat(client.get(path + "?wait=60s").at("/reason")).isEqualTo("signaled");
    }

    private Answer input(String path, long offset, String text, boolean close) {
        return client.request("POST", path + "/input?offset=" + offset + "&close=" + close)
                .bytes("application/octet-stream", text.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    @Test
    void withoutStdinAProcessReadsTheEnd() {
        Answer exec = run("{\"argv\":[\"cat\"]}");
        assertThat(exec.at("/exit_code")).isEqualTo("0");
        assertThat(exec.at("/stdin/open")).isEqualTo("false");
    }

    @Test
    void bytesThatAreNoTextComeAsBase64() {
        Answer exec = run("{\"argv\":[\"printf\",\"\\\\377\\\\000x\"]}");
        assertThat(exec.json().at("/output/stdout/text").isNull()).isTrue();
        assertThat(Base64.getDecoder().decode(exec.at("/output/stdout/base64"))).containsExactly(0xff, 0, 'x');
    }

    @Test
    void theBeginningOfMuchOutputIsInTheAnswer() {
        Answer exec = run("{\"argv\":[\"sh\",\"-c\",\"yes é | head -c 600001\"]}");
        assertThat(exec.at("/output/stdout_bytes")).isEqualTo("600001");
        assertThat(exec.at("/output/stdout/truncated")).isEqualTo("true");
        assertThat(exec.at("/output/stdout/text").getBytes(StandardCharsets.UTF_8).length)
                .isBetween((256 << 10) - 3, 256 << 10);
        StringBuilder all = new StringBuilder();
        String path = execs + "/" + exec.at("/id") + "/output?stream=stdout&limit=100000&offset=";
        long offset = 0;
        boolean eof = false;
        while (!eof) {
            Answer page = client.get(path + offset);
            for (var frame : page.json().get("frames")) {
                assertThat(frame.get("offset").asLong()).isEqualTo(offset);
                byte[] bytes = frame.get("text").isNull()
                        ? Base64.getDecoder().decode(frame.get("base64").asString())
                        : frame.get("text").asString().getBytes(StandardCharsets.UTF_8);
                all.append(new String(bytes, StandardCharsets.ISO_8859_1));
                offset += bytes.length;
            }
            assertThat(page.json().get("next_offset").asLong()).isEqualTo(offset);
            eof = page.json().get("eof").asBoolean();
        }
        byte[] expected = "é\n".repeat(200_001).getBytes(StandardCharsets.UTF_8);
        assertThat(all.toString()).isEqualTo(new String(expected, 0, 600_001, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aLongPollAnswersWithTheFirstByte() {
        Answer exec = client.post(execs, "{\"argv\":[\"sh\",\"-c\",\"sleep 1; echo now; sleep 100\"]}");
        String path = execs + "/" + exec.at("/id");
        assertThat(client.get(path + "/output").json().get("frames")).isEmpty();
        Instant begun = Instant.now();
        Answer page = client.get(path + "/output?wait=30s");
        assertThat(page.at("/frames/0/text")).isEqualTo("now\n");
        assertThat(page.at("/eof")).isEqualTo("false");
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(15));
        assertThat(client.get(path + "/output?offset=99999").code()).isEqualTo("offset_beyond_end");
        client.post(path + "/signal", "{\"signal\":\"SIGKILL\"}");
        assertThat(client.get(path + "/output?offset=4&wait=30s").at("/eof")).isEqualTo("true");
    }

    @Test
    void execsAreListedTheNewestFirst() {
        String older = run("{\"argv\":[\"true\"]}").at("/id");
        String newer = run("{\"argv\":[\"true\"]}").at("/id");
        String list = client.get(execs).text();
        assertThat(list.indexOf(newer)).isPositive().isLessThan(list.indexOf(older));
    }

    @Test
    void theEndOfTheSandboxEndsItsExecs() {
        String other = platform.sandbox();
        String execs = "/v1/sandboxes/" + other + "/execs";
        Answer exec = client.post(execs, "{\"argv\":[\"sh\",\"-c\",\"echo said; echo err >&2; sleep 100\"]}");
        String path = execs + "/" + exec.at("/id");
        await().until(() -> client.get(path + "/output").text().contains("err"));
        platform.delete(other);
        Answer gone = client.get(path + "?wait=60s");
        assertThat(gone.at("/state")).as(gone.text()).isEqualTo("ended");
        assertThat(gone.at("/reason")).isEqualTo("sandbox_stopped");
        assertThat(gone.json().get("exit_code").isNull()).isTrue();
        assertThat(gone.at("/output/stdout/text"))
                .as("what the command said, and nothing of ours")
                .isEqualTo("said\n");
        assertThat(gone.at("/output/stderr/text")).isEqualTo("err\n");
        Answer refused = client.post("/v1/sandboxes/" + other + "/execs", "{\"argv\":[\"true\"]}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("sandbox_stopped");
    }
}
