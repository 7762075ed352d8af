package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a process of its own shows: real signals, real pipes, the end of the JVM. */
class ProcessTest {
    private static final long PATIENCE_SECONDS = 30;

    private final FakePlatform platform = new FakePlatform();

    @AfterEach
    void stop() {
        platform.close();
    }

    private ProcessBuilder client(String... arguments) {
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
        builder.environment().put("ATOLL_URL", platform.url());
        builder.environment().put("ATOLL_API_KEY", FakePlatform.KEY);
        return builder;
    }

    private static int code(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return process.exitValue();
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void ctrlCReachesTheCommandAndTheSandboxIsDeleted() throws Exception {
        platform.exec.onSignal = signal -> platform.exec.end(Map.of("reason", "signaled", "signal", signal));
        Process process = client("run", "--", "sleep", "100").start();
        await().until(() -> platform.requests.stream().anyMatch(request -> request.contains("/output")));

        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();

        assertThat(code(process)).isEqualTo(130);
        assertThat(platform.exec.signals).containsExactly("SIGINT");
        assertThat(text(process.getErrorStream())).endsWith("atoll: the command was ended by SIGINT\n");
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void anOpenStdinThatSaysNothingHoldsNothingUp() throws Exception {
        platform.exec.out("done\n").exits(0);
        Process process =
                client("run", "--", "true").redirectInput(Redirect.PIPE).start();

        assertThat(code(process)).isZero();
        assertThat(text(process.getInputStream())).isEqualTo("done\n");
        process.getOutputStream().close();
    }

    @Test
    void aPipeFeedsTheCommand() throws Exception {
        byte[] data = "a line of data\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        platform.exec.endsWithStdin = true;
        Process process = client("run", "--", "cat").start();
        try (var in = process.getOutputStream()) {
            in.write(data);
        }

        assertThat(code(process)).isZero();
        assertThat(platform.exec.received.toByteArray()).isEqualTo(data);
    }

    @Test
    void aClosedPipeEndsItQuietly() throws Exception {
        for (int i = 0; i < 64; i++) {
            platform.exec.frame(1, new byte[65_536]);
        }
        platform.exec.onSignal = signal -> platform.exec.end(Map.of("reason", "signaled", "signal", signal));
        Process process = client("run", "--", "yes").start();
        assertThat(process.getInputStream().readNBytes(10)).hasSize(10);
        process.getInputStream().close();

        assertThat(code(process)).isEqualTo(141);
        assertThat(text(process.getErrorStream())).isEmpty();
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void withNothingOnStdinNoInputIsSent() throws Exception {
        platform.exec.exits(7);
        Process process = client("run", "--", "tool")
                .redirectInput(Path.of("/dev/null").toFile())
                .start();

        assertThat(code(process)).isEqualTo(7);
        assertThat(platform.bodies.get(1)).containsEntry("stdin", false);
        assertThat(platform.requests).noneMatch(request -> request.contains("/input"));
    }

    @Test
    void helpNeedsNoPlatform() throws Exception {
        platform.close();
        Process process = client("run", "--help").start();

        assertThat(code(process)).isZero();
        assertThat(text(process.getInputStream())).startsWith("Usage: atoll run [OPTIONS] -- COMMAND");
    }
}
