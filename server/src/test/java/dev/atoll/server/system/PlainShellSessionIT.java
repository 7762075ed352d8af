package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.server.TestingPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** Shell sessions in an image that has no bash, and contexts in one that has no kernels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlainShellSessionIT {
    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String session;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        Answer made = client.post("/v1/sandboxes/" + sandbox + "/sessions", "{\"cwd\":\"/tmp\"}");
        assertThat(made.at("/shell")).as(made.text()).isEqualTo("sh");
        session = "/v1/sandboxes/" + sandbox + "/sessions/" + made.at("/id");
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
        assertThat(client.post(session + "/execs", "{\"command\":\"true\"}").code())
                .isEqualTo("sandbox_stopped");
    }

    private Answer run(String text) {
        Answer ran = client.post(
                session + "/execs?wait=60s", JsonMapper.shared().writeValueAsString(Map.of("command", text)));
        assertThat(ran.at("/state")).as(ran.text()).isEqualTo("ended");
        return ran;
    }

    @Test
    void whatAPlainShellCanSayOfItselfIsKept() {
        run("mkdir -p /tmp/d; cd /tmp/d; x=1; export Y='a  b'; alias ll='echo LL'; umask 077; readonly r=5");
        Answer seen = run("pwd; echo $x \"$Y\" $r; ll hi; umask; env | grep -c '^[Yx]='");
        assertThat(seen.at("/output/stdout/text")).as(seen.text()).isEqualTo("/tmp/d\n1 a  b 5\nLL hi\n0077\n1\n");
        assertThat(run("exit 3").at("/exit_code")).isEqualTo("3");
        assertThat(run("set -e; x=2; false; x=3").at("/exit_code")).isEqualTo("1");
        assertThat(run("set +e; echo $x; cat <<E\nhere $x\nE").at("/output/stdout/text"))
                .isEqualTo("2\nhere 2\n");
        assertThat(run("x=4; kill -9 $$").at("/signal")).isEqualTo("SIGKILL");
        assertThat(run("echo $x; rm -rf /tmp/d").at("/output/stdout/text")).isEqualTo("2\n");
        assertThat(run("pwd").at("/output/stdout/text")).isEqualTo("/tmp\n");
    }

    @Test
    void aShellThatIsNotThereIsNotGiven() {
        String sessions = "/v1/sandboxes/" + sandbox + "/sessions";
        assertThat(client.post(sessions, "{\"shell\":\"bash\"}").code()).isEqualTo("shell_not_found");
        assertThat(client.request("POST", sessions)
                        .broken()
                        .json("{\"shell\":\"zsh\"}")
                        .send()
                        .code())
                .isEqualTo("invalid_request");
    }

    @Test
    void askedForAtOnceThereAreNoMoreThanThereMayBe() throws Exception {
        String own = platform.sandbox();
        String sessions = "/v1/sandboxes/" + own + "/sessions";
        int made = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked = new ArrayList<>();
            for (int i = 0; i < ShellSessions.MOST + 16; i++) {
                asked.add(threads.submit(() -> client.post(sessions, "{}")));
            }
            for (Future<Answer> each : asked) {
                Answer answer = each.get();
                made += answer.status() == 201 ? 1 : 0;
                if (answer.status() != 201) {
                    assertThat(answer.code()).as(answer.text()).isEqualTo("too_many_sessions");
                }
            }
        }
        assertThat(made).isBetween(1, ShellSessions.MOST);
        assertThat(client.get(sessions).json().at("/items").size()).isEqualTo(made);
        platform.delete(own);
    }

    @Test
    void aLanguageWithoutAKernelIsNotGiven() {
        Answer refused = client.post("/v1/sandboxes/" + sandbox + "/contexts", "{\"language\":\"python\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("kernel_not_found");
        assertThat(refused.at("/detail")).contains("It has none.");
    }
}
