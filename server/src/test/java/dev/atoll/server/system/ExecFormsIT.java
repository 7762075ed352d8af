package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The ways in which a command can be asked for, and what ends it with everything it has started, as a client sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecFormsIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String MINE = "ex_aaaabbbbccccddddeeee";

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String execs;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox("{\"image\":\"busybox\",\"memory\":\"256Mi\"}");
        execs = "/v1/sandboxes/" + sandbox + "/execs";
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    private Answer run(String request) {
        return client.post(execs + "?wait=60s", request);
    }

    private Answer shell(String script) {
        return run("{\"shell\":\"" + script + "\"}");
    }

    private Answer put(String id, String request) {
        return client.request("PUT", execs + "/" + id).json(request).send();
    }

    private String broken(String member) {
        return client.request("POST", execs)
                .json("{\"argv\":[\"true\"]," + member + "}")
                .broken()
                .send()
                .code();
    }

    private String sleepers() {
        return shell("ps | grep -c '[s]leep'").at("/output/stdout/text").strip();
    }

    private Answer input(String exec, long offset, String text) {
        return client.request("POST", execs + "/" + exec + "/input?offset=" + offset)
                .bytes("application/octet-stream", text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .send();
    }

    private String output(String exec) {
        Answer page = client.get(execs + "/" + exec + "/output");
        StringBuilder text = new StringBuilder();
        page.json().get("frames").forEach(frame -> text.append(frame.get("text").asString()));
        return text.toString();
    }

    private void awaitOutput(String exec, String wanted) {
        await().atMost(LONG).until(() -> output(exec), text -> text.contains(wanted));
    }

    @Test
    void aScriptIsRunByTheShellAndInputComesWithIt() {
        Answer exec = run("{\"shell\":\"sort | uniq -c\",\"input\":{\"text\":\"b\\na\\nb\\n\"}}");
        assertThat(exec.at("/output/stdout/text")).contains("1 a").contains("2 b");
        assertThat(exec.at("/argv/0")).isEqualTo("/bin/sh");
        assertThat(run("{\"argv\":[\"wc\",\"-c\"],\"input\":{\"base64\":\"AAECAw==\"}}")
                        .at("/output/stdout/text"))
                .isEqualTo("4\n");
        Answer open = run("{\"argv\":[\"head\",\"-n\",\"1\"],\"input\":{\"text\":\"first\\n\",\"close\":false}}");
        assertThat(open.at("/output/stdout/text")).isEqualTo("first\n");
    }

    @Test
    void whatDoesNotReadItsInputHoldsUpNobody() {
        String much = "x".repeat(60_000);
        assertThat(run("{\"argv\":[\"true\"],\"input\":{\"text\":\"" + much + "\"}}")
                        .at("/exit_code"))
                .isEqualTo("0");
        assertThat(run("{\"argv\":[\"sleep\",\"0.3\"],\"input\":{\"text\":\"" + much + "\"}}")
                        .at("/reason"))
                .isEqualTo("exited");
        assertThat(run("{\"argv\":[\"true\"],\"input\":{\"text\":\"" + much + much + "\"}}")
                        .code())
                .isEqualTo("body_too_large");
    }

    @Test
    void oneOfTwoFormsIsSent() {
        assertThat(run("{}").code()).isEqualTo("invalid_request");
        assertThat(run("{\"argv\":[\"true\"],\"shell\":\"true\"}").code()).isEqualTo("invalid_request");
        assertThat(run("{\"argv\":[\"true\"],\"input\":{}}").code()).isEqualTo("invalid_request");
        assertThat(run("{\"argv\":[\"true\"],\"input\":{\"base64\":\"*\"}}").code())
                .isEqualTo("invalid_request");
        assertThat(broken("\"nice\":20")).isEqualTo("invalid_quantity");
        assertThat(broken("\"terminal\":{\"rows\":1,\"columns\":0}")).isEqualTo("invalid_quantity");
        assertThat(broken("\"terminal\":{\"rows\":1}")).isEqualTo("invalid_request");
        assertThat(broken("\"limits\":{\"files\":1}")).isEqualTo("unknown_field");
    }

    @Test
    void aCallerMayNameItsExec() {
        String request = "{\"shell\":\"echo once >>/tmp/named\"}";
        for (int i = 0; i < 3; i++) {
            Answer exec = put(MINE + "?wait=60s", request);
            assertThat(exec.status()).isEqualTo(200);
            assertThat(exec.at("/id")).isEqualTo(MINE);
            assertThat(exec.at("/state")).isEqualTo("ended");
        }
        assertThat(shell("cat /tmp/named").at("/output/stdout/text")).isEqualTo("once\n");
        assertThat(put(MINE, "{\"argv\":[\"false\"]}").code()).isEqualTo("idempotency_conflict");
    }

    @Test
    void aTimeoutEndsEverythingThatWasStarted() {
        Answer exec =
                run("{\"shell\":\"setsid sleep 1111 & (setsid sh -c 'sleep 2222 & exec sleep 3333' &); sleep 4444\","
                        + "\"timeout\":\"500ms\"}");
        assertThat(exec.at("/reason")).isEqualTo("timeout");
        await().atMost(LONG).until(this::sleepers, "0"::equals);
    }

    @Test
    void aSignalReachesTheTree() {
        Answer exec = client.post(execs, "{\"shell\":\"setsid sleep 5555 & echo up; sleep 6666\"}");
        awaitOutput(exec.at("/id"), "up");
        assertThat(client.post(execs + "/" + exec.at("/id") + "/signal", "{\"signal\":\"SIGTERM\",\"target\":\"tree\"}")
                        .status())
                .isEqualTo(204);
        assertThat(client.get(execs + "/" + exec.at("/id") + "?wait=60s").at("/signal"))
                .isEqualTo("SIGTERM");
        await().atMost(LONG).until(this::sleepers, "0"::equals);
    }

    @Test
    void aTerminalIsOneStreamWithASizeAndKeys() {
        Answer exec = client.post(
                execs, "{\"argv\":[\"sh\",\"-i\"],\"env\":{\"PS1\":\"\"},\"terminal\":{\"rows\":24,\"columns\":80}}");
        assertThat(exec.at("/terminal/columns")).isEqualTo("80");
        assertThat(exec.at("/stdin/open")).isEqualTo("true");
        String id = exec.at("/id");
        String first = "stty size; echo $TERM; tty\n";
        assertThat(input(id, 0, first).at("/next_offset")).isEqualTo("" + first.length());
        awaitOutput(id, "24 80\r\nxterm-256color\r\n/dev/pts/");
        assertThat(client.post(execs + "/" + id + "/resize", "{\"rows\":50,\"columns\":132}")
                        .status())
                .isEqualTo(204);
        long at = first.length();
        String second = "stty size; echo d$((1+1))e; sleep 7777\n";
        input(id, at, second);
        awaitOutput(id, "50 132\r\nd2e");
        at += second.length();
        await().atMost(LONG).until(this::sleepers, "1"::equals);
        String third = "\u0003";
        input(id, at, third);
        await().atMost(LONG).until(this::sleepers, "0"::equals);
        String last = "exit 9\n";
        input(id, at + third.length(), last);
        Answer ended = client.get(execs + "/" + id + "?wait=60s");
        assertThat(ended.at("/exit_code")).isEqualTo("9");
        assertThat(ended.at("/output/stderr_bytes")).isEqualTo("0");
        assertThat(client.post(execs + "/" + id + "/resize", "{\"rows\":50,\"columns\":132}")
                        .code())
                .isEqualTo("exec_ended");
        String plain = shell("true").at("/id");
        assertThat(client.post(execs + "/" + plain + "/resize", "{\"rows\":50,\"columns\":132}")
                        .code())
                .isEqualTo("not_a_terminal");
    }

    @Test
    void limitsEndACommandAndSayWhich() {
        Answer cpu = run("{\"shell\":\"while :; do :; done\",\"limits\":{\"cpu_time\":\"1s\"}}");
        assertThat(cpu.at("/reason")).isEqualTo("cpu_limit");
        assertThat(cpu.at("/signal")).isEqualTo("SIGXCPU");
        assertThat(cpu.json().get("cpu_ms").asLong()).isGreaterThanOrEqualTo(900);
        Answer flood = run("{\"argv\":[\"yes\"],\"limits\":{\"output\":\"100k\"}}");
        assertThat(flood.at("/reason")).isEqualTo("output_limit");
        assertThat(flood.at("/limits/output")).isEqualTo("100000");
        Answer memory = run("{\"argv\":[\"dd\",\"if=/dev/zero\",\"of=/dev/null\",\"bs=64M\",\"count=1\"],"
                + "\"limits\":{\"memory\":\"32Mi\"}}");
        assertThat(memory.at("/exit_code")).isEqualTo("1");
        assertThat(memory.at("/output/stderr/text")).contains("out of memory");
        assertThat(memory.at("/oom")).isEqualTo("false");
        Answer processes = run("{\"shell\":\"sleep 1 & sleep 1 & sleep 1 & echo done\",\"limits\":{\"processes\":3}}");
        assertThat(processes.at("/output/stderr/text")).contains("can't fork");
    }

    @Test
    void groupsNiceAndADetachedCommand() {
        Answer exec = run("{\"shell\":\"id -G; cut -d' ' -f19 /proc/self/stat\",\"groups\":[\"44\",\"7\"],\"nice\":5}");
        assertThat(exec.at("/output/stdout/text")).isEqualTo("0 44 7\n5\n");
        assertThat(run("{\"argv\":[\"true\"],\"groups\":[\"no-such-group\"]}").code())
                .isEqualTo("group_not_found");
        Answer left = run("{\"argv\":[\"sleep\",\"8888\"],\"detached\":true}");
        assertThat(left.at("/state")).isEqualTo("running");
        client.post(execs + "/" + left.at("/id") + "/signal", "{\"signal\":\"SIGKILL\"}");
        assertThat(client.get(execs + "/" + left.at("/id") + "?wait=60s").at("/signal"))
                .isEqualTo("SIGKILL");
    }

    @Test
    void oddCommandsEndAsTheyShould() {
        assertThat(shell("sleep 3 & echo back").at("/output/stdout/text")).isEqualTo("back\n");
        Answer fault = shell("kill -SEGV $$");
        assertThat(fault.at("/reason")).isEqualTo("signaled");
        assertThat(fault.at("/signal")).isEqualTo("SIGSEGV");
        assertThat(shell("exec sh -c 'echo inner; exit 3'").at("/exit_code")).isEqualTo("3");
        String part = "x".repeat(100_000);
        assertThat(run("{\"argv\":[\"sh\",\"-c\",\"echo ${#1} ${#2}\",\"sh\",\"" + part + "\",\"" + part + "\"]}")
                        .at("/output/stdout/text"))
                .isEqualTo("100000 100000\n");
        assertThat(run("{\"argv\":[\"true\",\"" + part + part + "\"]}").code()).isEqualTo("environment_too_large");
        assertThat(run("{\"argv\":[\"true\"],\"user\":\"nobody-of-that-name\"}").code())
                .isEqualTo("user_not_found");
        assertThat(run("{\"argv\":[\"true\"],\"cwd\":\"/no/such\"}").code()).isEqualTo("cwd_not_found");
    }
}
