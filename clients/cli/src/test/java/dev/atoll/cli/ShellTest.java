package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client on a real terminal, which util-linux's {@code script} makes: raw, resized, let go of, and set back however it ends. */
class ShellTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    private TerminalServer platform;
    private Process script;
    private OutputStream keyboard;

    @BeforeEach
    void begin() throws IOException {
        platform = new TerminalServer();
    }

    @AfterEach
    void end() throws IOException {
        if (script != null) {
            script.destroy();
        }
        platform.close();
    }

    /** Starts the client on a terminal of 30 by 100, and leaves behind how the terminal was set before and after it, and its exit code. */
    private void start(String arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path run = directory.resolve("run.sh");
        Files.writeString(run, """
                cd %s
                tty > tty
                stty rows 30 cols 100
                stty -a > before
                %s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' dev.atoll.cli.Main %s
                echo $? > code
                stty -a > after
                until stty -a | grep -q ' icanon'; do :; done
                stty -a > later
                """.formatted(directory, java, System.getProperty("java.class.path"), arguments));
        ProcessBuilder builder = new ProcessBuilder("script", "-q", "-e", "-c", "sh " + run, "/dev/null");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().put("ATOLL_URL", platform.url());
        builder.environment().put("ATOLL_API_KEY", "atoll_test");
        builder.environment().put("TERM", "vt220");
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("screen").toFile());
        script = builder.start();
        keyboard = script.getOutputStream();
    }

    private void type(String text) throws IOException {
        keyboard.write(text.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private String file(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void awaitEnd() throws Exception {
        assertThat(script.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(file("after")).isEqualTo(file("before")).contains("rows 30", "isig icanon iexten echo ");
    }

    @Test
    void everyKeyGoesToTheFarSideAndTheExitCodeComesBack() throws Exception {
        start("shell " + TerminalServer.SANDBOX);
        await().until(() -> !platform.sizes.isEmpty());
        assertThat(platform.sizes.getFirst()).isEqualTo("30x100");
        assertThat(platform.started.getFirst().getObject("terminal").getInt("rows"))
                .isEqualTo(30);
        assertThat(platform.started.getFirst().getObject("env").getString("TERM"))
                .isEqualTo("vt220");
        type("hello\u0003\u001a\u001c\r");
        await().until(() -> platform.typed().equals("HELLO\u0003\u001a\u001c\r"));
        new ProcessBuilder("stty", "-F", file("tty").strip(), "rows", "50", "cols", "120")
                .start()
                .waitFor();
        await().until(() -> platform.sizes.getLast().equals("50x120"));
        new ProcessBuilder("stty", "-F", file("tty").strip(), "rows", "30", "cols", "100")
                .start()
                .waitFor();
        await().until(() -> platform.sizes.getLast().equals("30x100"));
        type("q");
        awaitEnd();
        assertThat(file("code")).isEqualTo("7\n");
        assertThat(file("screen")).contains("HELLO");
    }

    @Test
    void aBrokenConnectionIsMadeAnewWithoutLoss() throws Exception {
        start("exec -it " + TerminalServer.SANDBOX + " -- tool");
        await().until(() -> !platform.sizes.isEmpty());
        type("a");
        await().until(() -> file("screen").contains("A"));
        type("b");
        await().until(() -> platform.attached.size() == 2 && file("screen").contains("connected again"));
        type("c");
        await().until(() -> file("screen").contains("C"));
        type("q");
        awaitEnd();
        assertThat(platform.typed()).isEqualTo("ABCQ");
        assertThat(platform.attached.get(1)).isEqualTo("offset=1");
        assertThat(file("screen").replaceAll("\\[.*?]|\\s", "")).contains("ABCQ");
    }

    @Test
    void theDetachKeysLeaveItRunning() throws Exception {
        start("shell " + TerminalServer.SANDBOX);
        await().until(() -> !platform.sizes.isEmpty());
        type("x\r~.");
        awaitEnd();
        assertThat(file("code")).isEqualTo("0\n");
        assertThat(file("screen")).contains("./atoll attach " + TerminalServer.SANDBOX + " ex_");
        assertThat(platform.signals).isEmpty();
    }

    @Test
    void aClientThatIsKilledLeavesTheTerminalAsItWas() throws Exception {
        start("shell " + TerminalServer.SANDBOX);
        await().until(() -> !platform.sizes.isEmpty());
        ProcessHandle client = script.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
        client.destroyForcibly();
        assertThat(script.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(file("code")).isEqualTo("137\n");
        assertThat(file("later")).isEqualTo(file("before"));
    }

    @Test
    void withoutATerminalThereIsAClearWord() throws Exception {
        try (FakePlatform fake = new FakePlatform()) {
            for (String[] line :
                    new String[][] {{"run", "-t", "--", "sh"}, {"exec", "-it", FakePlatform.SANDBOX, "--", "sh"}}) {
                Cli.Result result = Cli.of(fake).withInput("x").run(line);
                assertThat(result.code()).isEqualTo(125);
                assertThat(result.err()).contains("stdin is no terminal").contains("not_a_terminal");
            }
            assertThat(fake.requests).isEmpty();
        }
    }
}
