package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** Shell sessions with bash, in the default image, and everything that breaks shells that are driven by markers in their output. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShellSessionIT {
    private static final Executor ASIDE = task -> Thread.ofVirtual().start(task);

    private TestingPlatform platform;
    private ContractClient client;
    private String sandbox;
    private String box;
    private String session;

    @BeforeAll
    void make() {
        platform = TestingPlatform.withBaseImage();
        client = platform.client();
        sandbox = platform.sandbox("{\"memory\":\"512Mi\",\"env\":{\"A\":\"box\"}}");
        box = "/v1/sandboxes/" + sandbox;
    }

    @BeforeEach
    void makeSession() {
        session = make("{\"cwd\":\"/tmp\",\"env\":{\"B\":\"session\"}}");
    }

    @AfterAll
    void close() {
        platform.close();
    }

    private String make(String request) {
        Answer made = client.post(box + "/sessions", request);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return box + "/sessions/" + made.at("/id");
    }

    private String directory() {
        return "/tmp/.atoll-" + session.substring(session.lastIndexOf('/') + 1);
    }

    private static String command(String text) {
        return JsonMapper.shared().writeValueAsString(Map.of("command", text));
    }

    private Answer run(String text) {
        Answer ran = client.post(session + "/execs?wait=60s", command(text));
        assertThat(ran.at("/state")).as(ran.text()).isEqualTo("ended");
        return ran;
    }

    private String out(String text) {
        Answer ran = run(text);
        assertThat(ran.at("/output/stderr/text")).as(ran.text()).isEmpty();
        assertThat(ran.at("/exit_code")).as(ran.text()).isEqualTo("0");
        return ran.at("/output/stdout/text");
    }

    private void signal(Answer exec, String signal) {
        client.post(
                box + "/execs/" + exec.at("/id") + "/signal", "{\"signal\":\"" + signal + "\",\"target\":\"group\"}");
    }

    private Answer ended(Answer exec) {
        return client.get(box + "/execs/" + exec.at("/id") + "?wait=60s");
    }

    @Test
    void whatAShellHasIsKept() {
        assertThat(out("pwd; echo $A $B $LINENO")).isEqualTo("/tmp\nbox session 1\n");
        out("""
                cd /usr; x=1; export Y='a  b'; unset A; f() { echo "f $1 $x"; }; alias ll='echo LL'; umask 077
                shopt -s extglob nullglob; set -o pipefail; list=(1 '2 3'); declare -A map=([k]=v); bin=$'\\377\\n'
                """);
        assertThat(out("""
                pwd; echo $x "$Y" ${A-unset} "${list[1]}" ${map[k]}; f 7; ll hi; umask; env | grep -c '^[AYx]='
                shopt -q extglob nullglob && echo globs; set -o | grep -c 'pipefail'; printf %s "$bin" | od -An -tx1
                """)).isEqualTo("/usr\n1 a  b unset 2 3 v\nf 7 1\nLL hi\n0077\n1\nglobs\n1\n ff 0a\n");
    }

    @Test
    void textReachesTheShellByteByByte() {
        assertThat(out("v=7\ncat <<E\nhere $v \"q\" 'q' \\$v\nE\ncat <<'E'\n$v `x`\nE\necho $LINENO"))
                .isEqualTo("here 7 \"q\" 'q' $v\n$v `x`\n8\n");
        assertThat(out("# a comment\necho 'é☃' # and another")).isEqualTo("é☃\n");
        assertThat(out("")).isEmpty();
        String longest = "echo ok #" + "x".repeat(128 * 1024 - 1 - 9);
        assertThat(out(longest)).isEqualTo("ok\n");
        assertThat(client.post(session + "/execs", command(longest + "x")).code())
                .isEqualTo("environment_too_large");
    }

    @Test
    void aCommandThatEndsItsShellLeavesTheSessionAsItIsThen() {
        assertThat(run("q=1; cd /usr; exit 3").at("/exit_code")).isEqualTo("3");
        assertThat(out("echo $q; pwd")).isEqualTo("1\n/usr\n");
        assertThat(run("set -e; q=2; false; q=3").at("/exit_code")).isEqualTo("1");
        assertThat(run("echo $q; false; echo no").at("/output/stdout/text")).isEqualTo("2\n");
        assertThat(out("set +e; false; echo on")).isEqualTo("on\n");
        assertThat(run("set -u; echo $nothing; echo no").at("/exit_code")).isNotEqualTo("0");
        assertThat(out("set +u; echo $q")).isEqualTo("2\n");
    }

    @Test
    void aCommandThatIsNoCommandChangesNothing() {
        out("q=1");
        Answer broken = run("q=2; if then");
        assertThat(broken.at("/exit_code")).isEqualTo("2");
        assertThat(broken.at("/output/stderr/text")).contains("syntax error");
        assertThat(run("echo 'unterminated").at("/exit_code")).isEqualTo("2");
        assertThat(out("echo $q")).isEqualTo("1\n");
    }

    @Test
    void execReplacesTheShellAndKeepsWhatWasBefore() {
        out("q=1");
        assertThat(out("q=2; exec echo replaced")).isEqualTo("replaced\n");
        assertThat(out("exec bash")).isEmpty();
        assertThat(out("exec 3>&1; echo $q >&3")).isEqualTo("1\n");
    }

    @Test
    void aTrapOnExitRunsWhenItsCommandEnds() {
        Answer ran = run("trap 'echo bye $?; z=9' EXIT; (trap 'echo inner' EXIT; echo sub); exit 4");
        assertThat(ran.at("/output/stdout/text")).isEqualTo("sub\ninner\nbye 4\n");
        assertThat(ran.at("/exit_code")).isEqualTo("4");
        assertThat(out("echo $z")).isEqualTo("9\n");
    }

    @Test
    void aBackgroundProcessHoldsUpNobodyAndLivesOn() {
        Answer ran = run("(while [ ! -e /tmp/go ]; do sleep 0.1; done; echo late) & echo $! > /tmp/pid");
        assertThat(ran.at("/output/stdout/text")).isEmpty();
        out("kill -0 $(cat /tmp/pid); touch /tmp/go");
        await().untilAsserted(() -> assertThat(client.get(box + "/execs/" + ran.at("/id") + "/output?stream=stdout")
                        .text())
                .contains("late"));
    }

    @Test
    void aDirectoryThatIsGoneIsLeftForItsParent() {
        out("mkdir -p /tmp/gone/deep; cd /tmp/gone/deep");
        out("rm -rf /tmp/gone; echo still here");
        Answer ran = run("pwd; cd /usr");
        assertThat(ran.at("/output/stdout/text")).isEqualTo("/tmp\n");
        assertThat(ran.at("/output/stderr/text")).contains("/tmp/gone/deep cannot be entered any more");
        assertThat(out("pwd")).isEqualTo("/usr\n");
    }

    @Test
    void aReadonlyVariableStaysSo() {
        out("readonly fixed=1");
        assertThat(run("fixed=2").at("/output/stderr/text")).contains("readonly");
        assertThat(out("echo $fixed")).isEqualTo("1\n");
    }

    @Test
    void aHugeStateIsKept() {
        out("big=$(head -c 3000000 /dev/zero | tr '\\0' x)");
        out("for i in $(seq 900); do export V$i=value$i; done; unset V7");
        assertThat(out("echo ${#big} $V900 ${V7-gone}; unset big ${!V*}")).isEqualTo("3000000 value900 gone\n");
        assertThat(out("echo ${#big}${V900-}")).isEqualTo("0\n");
    }

    @Test
    void aKilledCommandLeavesWhatWasBefore() {
        out("q=1");
        Answer late = client.post(
                session + "/execs?wait=60s",
                JsonMapper.shared()
                        .writeValueAsString(Map.of("command", "q=2; cd /usr; sleep 100; q=3", "timeout", "1s")));
        assertThat(late.at("/reason")).as(late.text()).isEqualTo("timeout");
        assertThat(out("echo $q; pwd")).isEqualTo("1\n/tmp\n");
        assertThat(run("q=4; kill -9 $$").at("/signal")).isEqualTo("SIGKILL");
        assertThat(out("echo $q")).isEqualTo("1\n");
    }

    @Test
    void anInterruptIsASignalAndTheStateIsThatOfThen() {
        Answer running = client.post(session + "/execs", command("q=5; touch /tmp/waits; sleep 100; q=6"));
        await().until(() ->
                platform.sh(sandbox, "test -e /tmp/waits").at("/exit_code").equals("0"));
        signal(running, "SIGINT");
        assertThat(ended(running).at("/signal")).isEqualTo("SIGINT");
        assertThat(out("echo $q")).isEqualTo("5\n");
    }

    @Test
    void oneCommandRunsAtATime() {
        Answer running = client.post(session + "/execs", command("sleep 100"));
        assertThat(running.at("/state")).isEqualTo("running");
        Answer refused = client.post(session + "/execs", command("echo second"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("session_busy");
        assertThat(refused.at("/retryable")).isEqualTo("true");
        assertThat(refused.at("/detail")).contains(running.at("/id"));
        assertThat(client.get(session).at("/state")).isEqualTo("busy");
        assertThat(client.get(session).at("/last_exec_id")).isEqualTo(running.at("/id"));
        assertThat(client.post(session + "/execs?queue=true&wait=300ms", command("echo second"))
                        .code())
                .isEqualTo("session_busy");
        CompletableFuture<Answer> queued = CompletableFuture.supplyAsync(
                () -> client.post(session + "/execs?queue=true&wait=60s", command("echo second")), ASIDE);
        signal(running, "SIGKILL");
        assertThat(queued.join().at("/output/stdout/text")).isEqualTo("second\n");
        assertThat(client.get(session).at("/state")).isEqualTo("idle");
    }

    @Test
    void aKeyIsOneCommandAndOneSession() {
        Answer first = keyed(session + "/execs?wait=60s", "once", command("n=$((n+1)); echo $n"));
        Answer second = keyed(session + "/execs?wait=60s", "once", command("n=$((n+1)); echo $n"));
        assertThat(second.at("/id")).isEqualTo(first.at("/id"));
        assertThat(out("echo $n")).isEqualTo("1\n");
        assertThat(keyed(session + "/execs", "once", command("other")).code()).isEqualTo("idempotency_conflict");
        Answer one = keyed(box + "/sessions", "made", "{}");
        assertThat(keyed(box + "/sessions", "made", "{}").at("/id")).isEqualTo(one.at("/id"));
        assertThat(keyed(box + "/sessions", "made", "{\"name\":\"other\"}").code())
                .isEqualTo("idempotency_conflict");
    }

    private Answer keyed(String path, String key, String body) {
        return client.request("POST", path)
                .header("Idempotency-Key", key)
                .json(body)
                .send();
    }

    @Test
    void inputGoesToTheCommand() {
        Answer running =
                client.post(session + "/execs", "{\"command\":\"read line; export LINE=$line\",\"stdin\":true}");
        client.request("POST", box + "/execs/" + running.at("/id") + "/input?offset=0")
                .bytes("application/octet-stream", "typed\n".getBytes(StandardCharsets.US_ASCII))
                .send();
        ended(running);
        assertThat(out("echo $LINE")).isEqualTo("typed\n");
    }

    @Test
    void theStateIsItsUsersAloneAndItsLossIsANewBeginning() {
        out("q=1");
        assertThat(out("stat -c %a " + directory())).isEqualTo("700\n");
        out("printf '#atoll 99999\\nexit 9\\n' > " + directory() + "/b");
        assertThat(out("echo $q")).isEqualTo("1\n");
        out("rm -rf " + directory());
        assertThat(out("echo ${q-new} $B; pwd; q=2")).isEqualTo("new session\n/tmp\n");
        assertThat(out("echo $q; stat -c %a " + directory())).isEqualTo("2\n700\n");
    }

    @Test
    void aSessionOfAnotherUserIsThatUsers() {
        session = make("{\"user\":\"user\",\"name\":\"mine\"}");
        assertThat(out("id -un; HERE=1")).isEqualTo("user\n");
        assertThat(out("echo $HERE")).isEqualTo("1\n");
        assertThat(client.post(box + "/sessions", "{\"user\":\"nobody-there\"}").code())
                .isEqualTo("user_not_found");
        assertThat(client.post(box + "/sessions", "{\"cwd\":\"/nowhere\"}").code())
                .isEqualTo("cwd_not_found");
    }

    @Test
    void aJobThatACommandLeftOutlivesItsSession() {
        run("nohup sleep 7654 >/dev/null 2>&1 &");
        assertThat(client.delete(session).status()).isEqualTo(204);
        assertThat(platform.sh(sandbox, "pgrep -cf 'sleep 765[4]'").at("/output/stdout/text"))
                .isEqualTo("1\n");
        platform.sh(sandbox, "pkill -f 'sleep 765[4]'");
    }

    @Test
    void aDeletedSessionTakesItsCommandAlong() {
        Answer running = client.post(session + "/execs", command("sleep 1000 & wait"));
        assertThat(client.delete(session).status()).isEqualTo(204);
        assertThat(ended(running).at("/signal")).isEqualTo("SIGKILL");
        assertThat(client.get(session).code()).isEqualTo("session_not_found");
        assertThat(client.get(box + "/sessions").text())
                .doesNotContain(directory().substring(12));
        assertThat(platform.sh(sandbox, "test -e " + directory()).at("/exit_code"))
                .isEqualTo("1");
    }

    @Test
    void aRestartOfThePlatformIsNotNoticed() {
        out("q=1; cd /usr");
        Answer running = client.post(session + "/execs", command("sleep 3; q=2"));
        platform.restart();
        client = platform.client();
        ended(running);
        assertThat(out("echo $q; pwd")).isEqualTo("2\n/usr\n");
    }
}
