package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What agents' frameworks expect of a command: the exec part of {@code docs/conformance.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceExecIT {
    private static final JsonMapper JSON = new JsonMapper();

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String execs;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        execs = "/v1/sandboxes/" + sandbox + "/execs";
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    private Answer run(Map<String, Object> request) {
        return client.post(execs + "?wait=60s", JSON.writeValueAsString(request));
    }

    private Answer run(String... argv) {
        return run(Map.of("argv", List.of(argv)));
    }

    private Answer sh(String script) {
        return run("sh", "-c", script);
    }

    private static String stdout(Answer exec) {
        return exec.at("/output/stdout/text");
    }

    @Test
    void stdoutAndStderrAreSeparateAndInOrder() {
        Answer exec = sh("echo a; sleep 0.1; echo b >&2; sleep 0.1; echo c; sleep 0.1; echo d >&2");
        assertThat(stdout(exec)).isEqualTo("a\nc\n");
        assertThat(exec.at("/output/stderr/text")).isEqualTo("b\nd\n");
        List<String> merged = new ArrayList<>();
        for (JsonNode frame :
                client.get(execs + "/" + exec.at("/id") + "/output").json().get("frames")) {
            merged.add(frame.get("stream").asString() + " " + frame.get("text").asString());
        }
        assertThat(merged).containsExactly("stdout a\n", "stderr b\n", "stdout c\n", "stderr d\n");
    }

    @Test
    void outputThatIsNoTextComesAsItIs() {
        Answer exec = run("printf", "\\000\\001\\177\\200\\377\\r\\n");
        assertThat(Base64.getDecoder().decode(exec.at("/output/stdout/base64")))
                .containsExactly(0, 1, 0x7f, 0x80, 0xff, '\r', '\n');
    }

    @Test
    void everyExitCodeIsTold() {
        for (int code = 0; code <= 255; code++) {
            Answer exec = sh("exit " + code);
            assertThat(exec.at("/exit_code")).isEqualTo(Integer.toString(code));
            assertThat(exec.at("/reason")).isEqualTo("exited");
            assertThat(exec.json().get("signal").isNull()).isTrue();
        }
    }

    @Test
    void aDeathBySignalIsNamed() {
        for (String signal : List.of("SEGV", "KILL", "ABRT", "TERM", "PIPE")) {
            Answer exec = sh("kill -" + signal + " $$; sleep 5");
            assertThat(exec.at("/signal")).isEqualTo("SIG" + signal);
            assertThat(exec.at("/reason")).isEqualTo("signaled");
            assertThat(exec.json().get("exit_code").isNull())
                    .as("128+n is never made up")
                    .isTrue();
        }
    }

    @Test
    void aFastDeathBySignalIsNoTimeout() {
        for (int i = 0; i < 30; i++) {
            Answer exec = run(Map.of("argv", List.of("sh", "-c", "kill -KILL $$"), "timeout", "30s"));
            assertThat(exec.at("/reason")).isEqualTo("signaled");
        }
    }

    @Test
    void aTimeoutEndsChildrenAndGrandchildren() {
        String script = "sleep 4321 & (sleep 4321 &) & setsid sleep 4321 & "
                + "setsid sh -c '(setsid sleep 4321 &) ; sleep 4321' & sleep 4321";
        Answer exec = run(Map.of("argv", List.of("sh", "-c", script), "timeout", "1s"));
        assertThat(exec.at("/reason")).as(exec.text()).isEqualTo("timeout");
        await().untilAsserted(() -> assertThat(stdout(sh("ps -o args | grep '[s]leep 4321' | wc -l")))
                .isEqualTo("0\n"));
    }

    @Test
    void theEnvironmentIsWhatWasAskedFor() {
        Map<String, String> env = Map.of("PLAIN", "x", "ODD", "a 'b' \"c\" $d\n=é", "EMPTY", "");
        Answer exec = run(Map.of(
                "argv", List.of("sh", "-c", "printf '%s|%s|%s' \"$PLAIN\" \"$ODD\" \"${EMPTY-unset}\""), "env", env));
        assertThat(stdout(exec)).isEqualTo("x|a 'b' \"c\" $d\n=é|");
    }

    @Test
    void theDirectoryIsEnteredOrTheProblemSaysSo() {
        assertThat(stdout(run(Map.of("argv", List.of("pwd"), "cwd", "/tmp")))).isEqualTo("/tmp\n");
        Answer missing = run(Map.of("argv", List.of("pwd"), "cwd", "/no/such"));
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.code()).isEqualTo("cwd_not_found");
        assertThat(stdout(run(Map.of("argv", List.of("pwd"), "cwd", "tmp"))))
                .as("relative to the image's, which is /")
                .isEqualTo("/tmp\n");
        assertThat(stdout(run(Map.of("argv", List.of("pwd"), "cwd", "tmp/../etc/."))))
                .isEqualTo("/etc\n");
        assertThat(run(Map.of("argv", List.of("pwd"), "cwd", "no/such")).code()).isEqualTo("cwd_not_found");
        Answer empty = client.request("POST", execs)
                .json("{\"argv\":[\"pwd\"],\"cwd\":\"\"}")
                .broken()
                .send();
        assertThat(empty.code()).isEqualTo("invalid_command");
    }

    @Test
    void theUserIsWhoWasAskedForOrTheProblemSaysSo() {
        Answer exec = run(Map.of("argv", List.of("sh", "-c", "id -u; id -g"), "user", "1234:567"));
        assertThat(stdout(exec)).isEqualTo("1234\n567\n");
        Answer unknown = run(Map.of("argv", List.of("true"), "user", "nobody-has-this-name"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.code()).isEqualTo("user_not_found");
        assertThat(run(Map.of("argv", List.of("true"), "user", "0:no-such-group"))
                        .code())
                .isEqualTo("group_not_found");
    }

    private String begin(String... argv) {
        Answer exec = client.post(execs, JSON.writeValueAsString(Map.of("argv", List.of(argv), "stdin", true)));
        assertThat(exec.status()).as(exec.text()).isEqualTo(201);
        return execs + "/" + exec.at("/id");
    }

    private void feed(String exec, byte[] input) {
        int at = 0;
        boolean closed = false;
        while (!closed) {
            int length = Math.min(input.length - at, 1 << 20);
            Answer accepted = client.request(
                            "POST", exec + "/input?close=" + (at + length == input.length) + "&offset=" + at)
                    .bytes("application/octet-stream", Arrays.copyOfRange(input, at, at + length))
                    .send();
            assertThat(accepted.status()).as(accepted.text()).isEqualTo(200);
            at = accepted.json().get("next_offset").asInt();
            closed = accepted.json().get("closed").asBoolean();
        }
    }

    @Test
    void inputOfAnyKindArrives() {
        String text = begin("cat");
        feed(text, "grüße\n".getBytes(StandardCharsets.UTF_8));
        assertThat(stdout(client.get(text + "?wait=60s"))).isEqualTo("grüße\n");
        String binary = begin("cat");
        byte[] bytes = new byte[] {0, (byte) 0xff, '\n', 0, (byte) 0x80};
        feed(binary, bytes);
        assertThat(Base64.getDecoder().decode(client.get(binary + "?wait=60s").at("/output/stdout/base64")))
                .isEqualTo(bytes);
        String large = begin("wc", "-c");
        feed(large, new byte[5_000_003]);
        assertThat(stdout(client.get(large + "?wait=60s")).strip()).isEqualTo("5000003");
        String closed = begin("cat");
        feed(closed, new byte[0]);
        assertThat(client.get(closed + "?wait=60s").at("/exit_code")).isEqualTo("0");
    }

    @Test
    void argumentsAreNeverReadByAShell() {
        String odd = "$HOME `id` $(id) ; | & < > * ? ' \" \\ \n\t# ~ {a,b} é";
        assertThat(stdout(run("printf", "%s", odd))).isEqualTo(odd);
        assertThat(stdout(run("printf", "[%s]", "", " ", "-n"))).isEqualTo("[][ ][-n]");
    }

    @Test
    void theProcessorsAreThoseOfTheSandbox() {
        String box = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"64Mi\",\"cpu\":\"1\"}");
        assertThat(platform.sh(box, "nproc").at("/output/stdout/text")).isEqualTo("1\n");
        platform.delete(box);
    }

    @Test
    void longCommandLinesAreTaken() {
        String half = "x".repeat(100_000);
        Answer exec = run("sh", "-c", "echo $# ${#1} ${#2}", "sh", half, half);
        assertThat(stdout(exec)).isEqualTo("2 100000 100000\n");
        Answer tooLong = run("true", "y".repeat(300_000));
        assertThat(tooLong.status()).isEqualTo(413);
        assertThat(tooLong.code()).isEqualTo("environment_too_large");
    }

    @Test
    void aHeredocIsAScriptLikeAnyOther() {
        Answer exec = sh("cat <<EOF\none $((1+1))\nEOF\ncat <<'END'\n$raw\nEND\nexit 4");
        assertThat(stdout(exec)).isEqualTo("one 2\n$raw\n");
        assertThat(exec.at("/exit_code")).isEqualTo("4");
    }

    @Test
    void aProgramThatNeverReadsItsInputEnds() {
        String exec = begin("sh", "-c", "exec 0</dev/null; sleep 1; echo over");
        client.request("POST", exec + "/input?offset=0&close=true&wait=1s")
                .bytes("application/octet-stream", new byte[1 << 20])
                .send();
        Answer ended = client.get(exec + "?wait=60s");
        assertThat(stdout(ended)).isEqualTo("over\n");
        assertThat(ended.at("/exit_code")).isEqualTo("0");
    }

    @Test
    void aSilentCommandIsLeftAlone() {
        String exec = begin("sh", "-c", "read line; echo \"got $line\"");
        for (int i = 0; i < 3; i++) {
            Answer running = client.get(exec + "?wait=1s");
            assertThat(running.at("/state")).isEqualTo("running");
            assertThat(running.at("/next/0")).isEqualTo("GET " + exec + "?wait=60s");
            assertThat(client.get(exec + "/output?wait=500ms").json().get("frames"))
                    .isEmpty();
        }
        feed(exec, "it\n".getBytes(StandardCharsets.UTF_8));
        assertThat(stdout(client.get(exec + "?wait=60s"))).isEqualTo("got it\n");
    }

    @Test
    void aChildThatHoldsStdoutDoesNotHangTheCall() {
        Answer exec = sh("sleep 300 & echo started");
        assertThat(exec.at("/state")).as("the call ended with its process").isEqualTo("ended");
        assertThat(stdout(exec)).isEqualTo("started\n");
        sh("killall sleep; true");
    }
}
