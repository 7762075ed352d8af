package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.server.TestingPlatform;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Runs as their readers see them: much output, events, repeats, kernels of strangers, and a platform that is restarted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContextRunIT {
    private TestingPlatform platform;
    private CodeContexts contexts;
    private String python;
    private String node;

    @BeforeAll
    void make() {
        platform = TestingPlatform.withBaseImage();
        contexts = new CodeContexts(platform);
        python = contexts.context("{\"language\":\"python\"}");
        node = contexts.context("{\"language\":\"node\"}");
    }

    @AfterAll
    void close() {
        platform.close();
    }

    @Test
    void aFloodIsCutInTheRecordAndWholeInItsEvents() {
        Answer flood = contexts.run(python, "for i in range(200000): print('line', i)\n'done'");
        assertThat(flood.at("/reason")).isEqualTo("completed");
        assertThat(flood.at("/stdout/truncated")).isEqualTo("true");
        assertThat(flood.at("/stdout/text")).startsWith("line 0\n").hasSizeBetween(262_140, 262_144);
        assertThat(flood.at("/results/0/data/text~1plain")).isEqualTo("'done'");
        StringBuilder all = new StringBuilder();
        String events = python + "/runs/" + flood.at("/id") + "/events";
        Answer page = contexts.client().get(events);
        while (true) {
            for (JsonNode event : page.json().get("events")) {
                if (event.get("type").asString().equals("stdout")) {
                    all.append(event.get("text").asString());
                }
            }
            if (page.at("/eof").equals("true")) {
                break;
            }
            page = contexts.client().get(events + "?wait=10s&cursor=" + page.at("/next_cursor"));
        }
        assertThat(all.toString().lines().count()).isEqualTo(200_000);
        assertThat(all.toString()).endsWith("line 199999\n");
    }

    @Test
    void aResultThatIsTooLargeSaysSo() {
        assertThat(contexts.value(python, "'x' * 100000000")).hasSizeBetween(1 << 20, (1 << 20) + 100);
        Answer shown = contexts.run(python, "display({'text/plain': 'x' * 100000000}, raw=True)");
        assertThat(shown.at("/results/0/data/text~1plain")).contains("over the limit");
        assertThat(contexts.value(python, "1")).isEqualTo("1");
    }

    @Test
    void eventsComeAsTheyHappen() {
        Answer running = contexts.client().post(python + "/runs", CodeContexts.code("""
                import os, time
                print('first')
                while not os.path.exists('/tmp/on'): time.sleep(0.05)
                os.remove('/tmp/on')
                7
                """));
        String events = python + "/runs/" + running.at("/id") + "/events";
        Answer page = contexts.client().get(events + "?wait=30s");
        while (!page.text().contains("first")) {
            assertThat(page.at("/eof")).isEqualTo("false");
            page = contexts.client().get(events + "?wait=30s&cursor=" + page.at("/next_cursor"));
        }
        contexts.sh("touch /tmp/on");
        StringBuilder types = new StringBuilder();
        while (!page.at("/eof").equals("true")) {
            page = contexts.client().get(events + "?wait=30s&cursor=" + page.at("/next_cursor"));
            page.json()
                    .get("events")
                    .forEach(event -> types.append(event.get("type").asString()).append(' '));
        }
        assertThat(types.toString()).isEqualTo("result end ");
        assertThat(contexts.client()
                        .request("GET", events + "?cursor=x")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_cursor");
    }

    @Test
    void aKeyIsOneRun() {
        contexts.run(python, "runs = 0");
        for (int i = 0; i < 2; i++) {
            assertThat(keyed("runs += 1\nruns").at("/results/0/data/text~1plain"))
                    .isEqualTo("1");
        }
        assertThat(keyed("other").code()).isEqualTo("idempotency_conflict");
        assertThat(contexts.client().get(python + "/runs").json().get("items").size())
                .isGreaterThan(1);
    }

    private Answer keyed(String text) {
        return contexts.client()
                .request("POST", python + "/runs?wait=60s")
                .header("Idempotency-Key", "one-run")
                .json(CodeContexts.code(text))
                .send();
    }

    @Test
    void anImageBringsKernelsOfItsOwnAndNoneIsBelieved() {
        contexts.sh("cd /usr/lib/atoll/kernels; cat > odd.sh <<'E'\n" + """
                echo 'no JSON'; echo '{"type":"ready"}'
                while read -r line; do
                  case $line in *'"type":"run"'*) ;; *) continue ;; esac
                  run=${line#*\\"id\\":\\"}; run=${run%%\\"*}
                  echo '{"type":"stdout","run":"crun_other","text":"not mine"}'
                  echo '[[[[[[[[[[[[[[[[' ; echo '{"type":"end","run":"'$run'","status":"splendid"}'
                  head -c 9000000 /dev/zero | tr '\\0' x; echo
                  echo '{"type":"result","run":"'$run'","main":true,"data":{"text/plain":"odd","nonsense":"x","a/b":[1]}}'
                  echo '{"type":"end","run":"'$run'","status":"ok"}'
                done
                """ + "E\n" + """
                echo '{"protocol":1,"argv":["sh","/usr/lib/atoll/kernels/odd.sh"]}' > odd.json
                echo broken > broken.json
                echo '{"protocol":1,"argv":["/no/such/program"]}' > absent.json
                """);
        String odd = contexts.context("{\"language\":\"odd\"}");
        for (int i = 0; i < 2; i++) {
            Answer ran = contexts.run(odd, "anything \" at all");
            assertThat(ran.at("/reason")).as(ran.text()).isEqualTo("completed");
            assertThat(ran.at("/stdout/text")).isEmpty();
            assertThat(ran.json().at("/results/0/data").toString()).isEqualTo("{\"text/plain\":\"odd\"}");
        }
        String path = contexts.box() + "/contexts";
        assertThat(contexts.client().post(path, "{\"language\":\"broken\"}").code())
                .isEqualTo("kernel_failed");
        assertThat(contexts.client().post(path, "{\"language\":\"absent\"}").code())
                .isEqualTo("kernel_failed");
        Answer unknown = contexts.client().post(path, "{\"language\":\"cobol\"}");
        assertThat(unknown.code()).isEqualTo("kernel_not_found");
        assertThat(unknown.at("/detail")).contains("node").contains("python");
        assertThat(contexts.client()
                        .post(path, "{\"language\":\"python\",\"user\":\"nobody-there\"}")
                        .code())
                .isEqualTo("user_not_found");
    }

    @Test
    void aRestartOfThePlatformLosesNothing() {
        contexts.run(python, "survivor = 42");
        Answer done = contexts.run(python, "print('before'); survivor");
        Answer running =
                contexts.client().post(python + "/runs", CodeContexts.code("import time\ntime.sleep(3)\nsurvivor + 1"));
        Answer late = contexts.client().post(node + "/runs", CodeContexts.code("while (true) {}", "4s"));
        contexts.restartPlatform();
        assertThat(withoutTimes(contexts.get(python, done))).isEqualTo(withoutTimes(done));
        Answer ended = contexts.get(python, running);
        assertThat(ended.at("/results/0/data/text~1plain")).as(ended.text()).isEqualTo("43");
        assertThat(contexts.value(python, "survivor")).isEqualTo("42");
        assertThat(contexts.get(node, late).at("/reason")).isEqualTo("timeout");
        await().untilAsserted(() ->
                assertThat(contexts.client().get(node).at("/state")).isEqualTo("idle"));
    }

    /** Both times are those of the log, which joins what came within 10 ms when it is read in one go. */
    private static String withoutTimes(Answer run) {
        assertThat(run.at("/ended_at")).isNotEmpty();
        return run.text().replaceAll("\"(started|ended)_at\":\"[^\"]*\"", "");
    }
}
