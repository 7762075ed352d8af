package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.server.TestingPlatform;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What the kernels of the default image make of code, and what their deaths look like. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodeContextIT {
    private TestingPlatform platform;
    private CodeContexts contexts;
    private String python;
    private String node;

    @BeforeAll
    void make() {
        platform = TestingPlatform.withBaseImage();
        contexts = new CodeContexts(platform);
        python = contexts.context("{\"language\":\"python\",\"cwd\":\"/tmp\",\"env\":{\"E\":\"context\"}}");
        node = contexts.context("{\"language\":\"node\"}");
    }

    @AfterAll
    void close() {
        platform.close();
    }

    @Test
    void pythonKeepsItsStateAndShowsTheLastValue() {
        assertThat(contexts.value(python, "x = 5\nx * 2")).isEqualTo("10");
        assertThat(contexts.value(python, "x + 1")).isEqualTo("6");
        assertThat(contexts.value(python, "x;")).isEmpty();
        assertThat(contexts.value(python, "import os; os.getcwd(), os.environ['E']"))
                .isEqualTo("('/tmp', 'context')");
        assertThat(contexts.value(python, "import asyncio\nawait asyncio.sleep(0.01, 'awaited')"))
                .isEqualTo("'awaited'");
        int count = Integer.parseInt(contexts.run(python, "1").at("/execution_count"));
        assertThat(contexts.run(python, "1").at("/execution_count")).isEqualTo(Integer.toString(count + 1));
    }

    @Test
    void whatPythonWritesIsItsRuns() {
        Answer ran = contexts.run(python, """
                import os, subprocess, sys
                print('printed é')
                os.write(1, b'raw\\n')
                os.system('echo child; echo child error >&2')
                print('error', file=sys.stderr)
                None
                """);
        assertThat(ran.at("/stdout/text")).as(ran.text()).isEqualTo("printed é\nraw\nchild\n");
        assertThat(ran.at("/stderr/text")).isEqualTo("child error\nerror\n");
        Answer binary = contexts.run(python, "import os; os.write(1, b'\\xff\\x00'); None");
        assertThat(Base64.getDecoder().decode(binary.at("/stdout/base64"))).containsExactly(0xff, 0);
        assertThat(contexts.run(python, "1").at("/stdout/text")).isEmpty();
    }

    @Test
    void pythonShowsValuesRichly() {
        Answer ran = contexts.run(python, """
                class Rich:
                    def _repr_html_(self): return '<b>rich</b>'
                    def _repr_png_(self): return b'png'
                    def _repr_svg_(self): return '<svg/>'
                    def _repr_json_(self): return {'a': [1]}
                    def __repr__(self): return 'plain'
                display(Rich())
                display({'text/markdown': '# title'}, raw=True)
                Rich()
                """);
        JsonNode results = ran.json().get("results");
        assertThat(results).hasSize(3);
        assertThat(results.at("/1/data/text~1markdown").asString()).isEqualTo("# title");
        assertThat(results.at("/2/is_main_result").asBoolean()).isTrue();
        JsonNode data = results.at("/2/data");
        assertThat(data.get("text/html").asString()).isEqualTo("<b>rich</b>");
        assertThat(data.get("image/png").asString())
                .isEqualTo(Base64.getEncoder().encodeToString("png".getBytes(StandardCharsets.US_ASCII)));
        assertThat(data.get("image/svg+xml").asString()).isEqualTo("<svg/>");
        assertThat(data.get("application/json").asString()).isEqualTo("{\"a\": [1]}");
        assertThat(data.get("text/plain").asString()).isEqualTo("plain");
    }

    @Test
    void figuresAreShownWithoutBeingAskedFor() {
        // A module that behaves as matplotlib does, which the image does not have.
        contexts.sh("mkdir -p /tmp/plots/matplotlib; touch /tmp/plots/matplotlib/__init__.py;"
                + " cat > /tmp/plots/matplotlib/pyplot.py <<'E'\n" + """
                class Figure:
                    def savefig(self, to, **_): to.write(b"figure")
                made = {}
                def figure(n=None): return made.setdefault(n or len(made) + 1, Figure())
                def get_fignums(): return list(made)
                def close(which): made.clear()
                def show(): raise RuntimeError("no display")
                """ + "E");
        Answer ran = contexts.run(python, """
                import sys; sys.path.insert(0, '/tmp/plots')
                import matplotlib.pyplot as plt
                plt.figure(); plt.show(); plt.figure();
                """);
        assertThat(ran.at("/reason")).as(ran.text()).isEqualTo("completed");
        assertThat(ran.json().get("results")).hasSize(2);
        assertThat(ran.at("/results/0/data/image~1png")).isEqualTo("ZmlndXJl");
    }

    @Test
    void errorsSayWhatAndWhere() {
        Answer failed = contexts.run(python, "def f():\n    return 1 / 0\nf()");
        assertThat(failed.at("/reason")).isEqualTo("error");
        assertThat(failed.at("/error/name")).isEqualTo("ZeroDivisionError");
        assertThat(failed.at("/error/value")).isEqualTo("division by zero");
        assertThat(failed.json().at("/error/traceback").toString())
                .contains("return 1 / 0")
                .doesNotContain("/usr/lib/atoll");
        assertThat(contexts.run(python, "if :").at("/error/name")).isEqualTo("SyntaxError");
        assertThat(contexts.run(python, "input('name')").at("/error/value")).contains("a run has no stdin");
        assertThat(contexts.run(python, "raise SystemExit(3)").at("/error/name"))
                .isEqualTo("SystemExit");
        assertThat(contexts.run(node, "throw new TypeError('bad')").at("/error/name"))
                .isEqualTo("TypeError");
        assertThat(contexts.run(node, "if (").at("/error/name")).isEqualTo("SyntaxError");
        assertThat(contexts.value(node, "1 + 1")).isEqualTo("2");
    }

    @Test
    void nodeIsItsRepl() {
        assertThat(contexts.value(node, "const a = 1; let b = 2; a + b")).isEqualTo("3");
        assertThat(contexts.value(node, "a + 10")).isEqualTo("11");
        assertThat(contexts.run(node, "const a = 2").at("/error/value")).contains("already been declared");
        assertThat(contexts.value(node, "await new Promise((done) => setTimeout(() => done(7), 5))"))
                .isEqualTo("7");
        assertThat(contexts.value(node, "const { tmpdir } = await import('node:os'); tmpdir()"))
                .isEqualTo("'/tmp'");
        assertThat(contexts.value(node, "({ a: 1 })")).isEqualTo("{ a: 1 }");
        Answer wrote = contexts.run(node, """
                console.log('out é'); console.error('err')
                require('child_process').execSync('echo child', {stdio: 'inherit'}); undefined
                """);
        assertThat(wrote.at("/stdout/text")).as(wrote.text()).isEqualTo("out é\nchild\n");
        assertThat(wrote.at("/stderr/text")).isEqualTo("err\n");
        Answer rich = contexts.run(node, """
                display({_repr_html_: () => '<i>'}); ({[Symbol.for('Jupyter.display')]: () => ({'text/html': '<b>'})})
                """);
        assertThat(rich.at("/results/0/data/text~1html")).isEqualTo("<i>");
        assertThat(rich.at("/results/1/data/text~1html")).isEqualTo("<b>");
    }

    @Test
    void anInterruptEndsTheRunAndNotTheContext() {
        for (String[] endless : new String[][] {
            {python, "kept = 1\nwhile True: pass", "KeyboardInterrupt", "kept"},
            {python, "import time\ntime.sleep(1000)", "KeyboardInterrupt", "1"},
            {python, "import asyncio\nawait asyncio.sleep(1000)", "KeyboardInterrupt", "1"},
            {python, "import subprocess\nsubprocess.run(['sleep', '1000'])", "KeyboardInterrupt", "1"},
            {node, "var kept = 1; while (true) {}", "Interrupted", "kept"},
            {node, "await new Promise((done) => setTimeout(done, 1000000))", "Interrupted", "1"},
        }) {
            Answer running = contexts.client().post(endless[0] + "/runs?wait=1s", CodeContexts.code(endless[1]));
            assertThat(running.at("/state")).as(running.text()).isEqualTo("running");
            assertThat(contexts.client().get(endless[0]).at("/state")).isEqualTo("busy");
            Answer refused = contexts.client().post(endless[0] + "/runs", CodeContexts.code("1"));
            assertThat(refused.code()).isEqualTo("context_busy");
            assertThat(refused.at("/next")).contains(running.at("/id"));
            contexts.post(endless[0] + "/interrupt");
            Answer ended = contexts.get(endless[0], running);
            assertThat(ended.at("/reason")).as(ended.text()).isEqualTo("interrupted");
            assertThat(ended.at("/error/name")).isEqualTo(endless[2]);
            assertThat(contexts.value(endless[0], endless[3])).isEqualTo("1");
        }
        contexts.post(python + "/interrupt");
        contexts.post(node + "/interrupt");
        assertThat(contexts.value(python, "'lives'")).isEqualTo("'lives'");
        assertThat(contexts.value(node, "'lives'")).isEqualTo("'lives'");
    }

    @Test
    void aTimeoutInterruptsAndThenKills() {
        String mine = contexts.context("{\"language\":\"python\"}");
        String runs = mine + "/runs?wait=60s";
        Answer late = contexts.client().post(runs, CodeContexts.code("import time; time.sleep(1000)", "1s"));
        assertThat(late.at("/reason")).as(late.text()).isEqualTo("timeout");
        assertThat(contexts.client().get(mine).at("/state")).isEqualTo("idle");
        Answer stubborn = contexts.client()
                .post(
                        runs,
                        CodeContexts.code(
                                "while True:\n  try:\n    time.sleep(1000)\n  except BaseException: pass", "1s"));
        assertThat(stubborn.at("/reason")).as(stubborn.text()).isEqualTo("timeout");
        assertThat(contexts.client().get(mine).at("/state")).isEqualTo("dead");
        contexts.client().delete(mine);
    }

    @Test
    void aDeadKernelSaysWhyAndCanBeRestarted() {
        String mine = contexts.context("{\"language\":\"python\"}");
        Answer died = contexts.run(mine, "import os; print('x' * 70000); os._exit(3)");
        assertThat(died.at("/reason")).isEqualTo("kernel_died");
        assertThat(died.at("/error/value")).isEqualTo("The kernel exited with code 3.");
        assertThat(died.at("/stdout/text")).hasSize(70001);
        assertThat(contexts.client().get(mine).at("/state")).isEqualTo("dead");
        Answer refused = contexts.client().post(mine + "/runs", CodeContexts.code("1"));
        assertThat(refused.code()).isEqualTo("context_dead");
        assertThat(refused.at("/next")).endsWith("/restart");
        assertThat(contexts.post(mine + "/interrupt").code()).isEqualTo("context_dead");
        Answer restarted = contexts.post(mine + "/restart");
        assertThat(restarted.at("/state")).as(restarted.text()).isEqualTo("idle");
        assertThat(restarted.at("/restarts")).isEqualTo("1");
        assertThat(contexts.value(mine, "1 + 1")).isEqualTo("2");
        assertThat(contexts.run(mine, "import ctypes; ctypes.string_at(0)").at("/error/value"))
                .contains("signal 11");
        assertThat(contexts.get(mine, died).at("/reason")).isEqualTo("kernel_died");
        contexts.client().delete(mine);
    }

    @Test
    void aRestartEndsWhatRuns() {
        String mine = contexts.context("{\"language\":\"node\"}");
        Answer running = contexts.client().post(mine + "/runs?wait=500ms", CodeContexts.code("while (true) {}"));
        assertThat(contexts.post(mine + "/restart").at("/state")).isEqualTo("idle");
        assertThat(contexts.get(mine, running).at("/reason")).isEqualTo("restarted");
        assertThat(contexts.value(mine, "typeof kept")).isEqualTo("'undefined'");
        assertThat(contexts.client().delete(mine).status()).isEqualTo(204);
        assertThat(contexts.client().get(mine).code()).isEqualTo("context_not_found");
        assertThat(contexts.client().get(contexts.box() + "/contexts").text())
                .doesNotContain(mine.substring(mine.lastIndexOf('/') + 1));
    }
}
