package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line client, as a process of its own, on shell sessions and code contexts of a real sandbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {
    private static final long PATIENCE_SECONDS = 120;

    /** What came of a command line. */
    private record Ran(int code, String out, String err) {}

    @TempDir
    private Path directory;

    private TestingPlatform platform;
    private String box;

    @BeforeAll
    void make() {
        platform = TestingPlatform.withBaseImage();
        platform.sandbox("{\"memory\":\"1Gi\",\"name\":\"cli-box\"}");
        box = "cli-box";
    }

    @AfterAll
    void close() {
        platform.close();
    }

    private Process start(Path input, String... arguments) throws IOException {
        // Whoever runs the tests in the background has SIGINT ignored, and a JVM that inherits that never hears of it.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.atoll.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().put("ATOLL_URL", "http://127.0.0.1:" + platform.port());
        builder.environment().put("ATOLL_API_KEY", platform.key());
        builder.redirectInput(input.toFile());
        builder.redirectOutput(Files.createTempFile(directory, "out", "").toFile());
        builder.redirectError(Files.createTempFile(directory, "err", "").toFile());
        builders.add(builder);
        return builder.start();
    }

    private final List<ProcessBuilder> builders = new ArrayList<>();

    private Ran ended(Process process) throws Exception {
        ProcessBuilder builder = builders.getLast();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return new Ran(
                process.exitValue(),
                Files.readString(builder.redirectOutput().file().toPath()),
                Files.readString(builder.redirectError().file().toPath()));
    }

    private Ran atoll(String... arguments) throws Exception {
        return ended(start(Path.of("/dev/null"), arguments));
    }

    private Ran atollReading(String input, String... arguments) throws Exception {
        Path file = Files.writeString(Files.createTempFile(directory, "in", ""), input, StandardCharsets.UTF_8);
        return ended(start(file, arguments));
    }

    private Ran session(String... command) throws Exception {
        return atoll(Stream.concat(Stream.of("session", "run", box, "--"), Stream.of(command))
                .toArray(String[]::new));
    }

    @Test
    void aSessionKeepsWhatItsCommandsLeave() throws Exception {
        assertThat(session("cd /usr && export WORD='a b' && shout() { echo \"$1!\"; }"))
                .isEqualTo(new Ran(0, "", ""));
        assertThat(session("pwd; shout \"$WORD\"; echo oops >&2; (exit 7)"))
                .isEqualTo(new Ran(7, "/usr\na b!\n", "oops\n"));
        assertThat(session("printf", "%s|", "it's", "$WORD", "*")).isEqualTo(new Ran(0, "it's|$WORD|*|", ""));
        assertThat(atollReading("cat <<'END'\n$WORD\nEND\npwd\n", "session", "run", box))
                .isEqualTo(new Ran(0, "$WORD\n/usr\n", ""));
        assertThat(atollReading("line\n", "session", "run", box, "--", "read -r LINE; echo \"<$LINE>\""))
                .isEqualTo(new Ran(0, "<line>\n", ""));
        assertThat(session("echo \"$LINE\"").out()).isEqualTo("line\n");
        assertThat(session("exit 3").code()).isEqualTo(3);
        assertThat(session("kill -9 $$")).isEqualTo(new Ran(137, "", "atoll: the command was ended by SIGKILL\n"));
        assertThat(atoll("session", "run", box, "--timeout", "1s", "--", "sleep 100")
                        .code())
                .isEqualTo(124);
    }

    @Test
    void sessionsAreMadeListedAndDeleted() throws Exception {
        Ran made = atoll("session", "create", box, "--name", "made", "--cwd", "/etc", "-e", "A=1");
        String id = made.out().strip();
        assertThat(id).matches("ses_[a-z2-7]{20}");
        assertThat(atoll("session", "run", box, "--session", "made", "--", "pwd; echo $A"))
                .isEqualTo(new Ran(0, "/etc\n1\n", ""));
        assertThat(atoll("session", "run", box, "--session", id, "--", "pwd").out())
                .isEqualTo("/etc\n");
        assertThat(atoll("session", "ls", box).out()).contains(id, "made", "bash", "idle");
        JsonNode record = json(atoll("session", "run", "--json", box, "--session", "made", "--", "echo text"));
        assertThat(record.at("/output/stdout/text").asString()).isEqualTo("text\n");
        assertThat(atoll("session", "rm", box, "made")).isEqualTo(new Ran(0, id + "\n", ""));
        assertThat(atoll("session", "rm", box, id))
                .matches(ran -> ran.code() == 66 && ran.err().contains("code: session_not_found"));
        assertThat(atoll("session", "run", box, "--session", id, "--", "pwd").code())
                .isEqualTo(125);
    }

    @Test
    void aBusySessionIsRefusedOrWaitedForAndTakesOurSignals() throws Exception {
        String[] sleep = {"session", "run", box, "--session", "busy", "--", "echo $$ >/tmp/busy; sleep 1000"};
        Process sleeping = start(Path.of("/dev/null"), sleep);
        ProcessBuilder first = builders.getLast();
        await().atMost(java.time.Duration.ofSeconds(60))
                .until(() -> atoll("session", "run", box, "--session", "busy", "--", "true")
                        .err()
                        .contains("session_busy"));
        Process queued =
                start(Path.of("/dev/null"), "session", "run", box, "--queue", "--session", "busy", "--", "echo mine");
        ProcessBuilder second = builders.getLast();
        interrupt(sleeping);
        builders.add(first);
        assertThat(ended(sleeping).code()).isEqualTo(130);
        builders.add(second);
        assertThat(ended(queued)).isEqualTo(new Ran(0, "mine\n", ""));
    }

    @Test
    void codeKeepsItsStateAndTellsWhatWentWrong() throws Exception {
        assertThat(atoll("code", "run", box, "x = 20\nprint('set')")).isEqualTo(new Ran(0, "set\n", ""));
        assertThat(atollReading("import sys; print('e', file=sys.stderr)\nx * 2 + 2\n", "code", "run", box))
                .isEqualTo(new Ran(0, "42\n", "e\n"));
        Path script = Files.writeString(directory.resolve("script.js"), "const y = 6;\nconsole.log(y); y * 7\n");
        assertThat(atoll("code", "run", box, "--file", script.toString())).isEqualTo(new Ran(0, "6\n42\n", ""));
        Ran failed = atoll("code", "run", box, "1 / 0");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).startsWith("Traceback").contains("ZeroDivisionError: division by zero");
        JsonNode record = json(atoll("code", "run", "--json", box, "x"));
        assertThat(record.at("/reason").asString()).isEqualTo("completed");
        assertThat(record.at("/results/0/data/text~1plain").asString()).isEqualTo("20");
        assertThat(atoll("code", "run", box, "--timeout", "1s", "import time; time.sleep(100)")
                        .code())
                .isEqualTo(124);
        assertThat(atoll("code", "run", box, "--language", "cobol", "x").err()).contains("kernel_not_found");
        assertThat(atoll("code", "run", box, "x").out()).isEqualTo("20\n");
    }

    @Test
    void aContextIsInterruptedRestartedAndDeleted() throws Exception {
        String id = atoll("code", "create", box, "--cwd", "/usr").out().strip();
        assertThat(id).matches("ctx_[a-z2-7]{20}");
        assertThat(atoll("code", "ls", box).out()).contains(id, "python", "idle");
        Process running = start(
                Path.of("/dev/null"),
                "code",
                "run",
                box,
                "--context",
                id,
                "import os, time\nprint(os.getcwd(), flush=True)\ntime.sleep(1000)");
        ProcessBuilder first = builders.getLast();
        Path out = first.redirectOutput().file().toPath();
        await().until(() -> Files.readString(out).equals("/usr\n"));
        assertThat(atoll("code", "run", box, "--context", id, "1").err()).contains("context_busy");
        interrupt(running);
        builders.add(first);
        assertThat(ended(running).code()).isEqualTo(130);

        assertThat(atoll("code", "run", box, "--context", id, "os._exit(3)").code())
                .isEqualTo(125);
        assertThat(atoll("code", "run", box, "--context", id, "1").err()).contains("context_dead");
        assertThat(atoll("code", "restart", box, id).code()).isZero();
        assertThat(atoll("code", "run", box, "--context", id, "1 + 1").out()).isEqualTo("2\n");
        assertThat(atoll("code", "interrupt", box, id).code()).isZero();
        assertThat(atoll("code", "rm", box, id)).isEqualTo(new Ran(0, id + "\n", ""));
        assertThat(atoll("code", "ls", box, "-q").out()).doesNotContain(id);
    }

    private static JsonNode json(Ran ran) {
        assertThat(ran.code()).as(ran.err()).isZero();
        return JsonMapper.shared().readTree(ran.out());
    }

    private static void interrupt(Process process) throws Exception {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
