package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.LinuxException;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxUsage;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoxCallsTest {

    private static final BoxId ID = new BoxId("boxaaaaaaaaaaaaaaaaaaaa");
    private static final String UNKNOWN = "{\"success\":false,\"err\":\"unknown method\"}";

    @TempDir
    Path directory;

    private Poller poller;
    private Path socket;
    private Path log;

    @BeforeEach
    void open() throws LinuxException {
        poller = new Poller(Thread.ofPlatform().daemon().factory());
        socket = directory.resolve("control.sock");
        log = directory.resolve("log");
    }

    @AfterEach
    void close() {
        poller.close();
    }

    /** Calls over the socket, and over a runsc that writes down how it was called and prints {@code output}. */
    private BoxCalls calls(String output) throws IOException {
        Path runsc = directory.resolve("runsc");
        Files.writeString(runsc, "#!/bin/sh\necho \"$@\" >>" + log + "\nprintf '%s' '" + output + "'\n");
        assertThat(runsc.toFile().setExecutable(true)).isTrue();
        RunscSettings settings = RunscSettings.of(runsc, Path.of("/run/atoll"));
        RunscBinary binary = new RunscBinary(runsc, new RunscVersion("release-20240729.0", 20240729), Set.of());
        RunscCommand commands = new RunscCommand(binary, settings, new RunscDirectories(settings.root()));
        return new BoxCalls(ID, new ControlSocket(poller, socket), commands, Duration.ofSeconds(10));
    }

    @Test
    void whatTheSocketLacksTheCommandDoes() throws IOException {
        try (FakeControlServer server = FakeControlServer.saying(socket, UNKNOWN)) {
            BoxCalls calls = calls("");
            calls.start();
            calls.signal(15);
            calls.pause();
            calls.resume();
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(4).allMatch(line -> line.contains("--root=/run/atoll/state"));
        assertThat(lines.get(0)).endsWith("start " + ID);
        assertThat(lines.get(1)).endsWith("kill " + ID + " 15");
        assertThat(lines.get(2)).endsWith("pause " + ID);
        assertThat(lines.get(3)).endsWith("resume " + ID);
    }

    @Test
    void usageReadsTheSameFromBoth() throws IOException {
        String data = "\"data\":{\"cpu\":{},\"memory\":{\"usage\":{\"usage\":4096}},\"pids\":{\"current\":3}}";
        BoxUsage expected = new BoxUsage(4096, 77, 3, 512);
        try (FakeControlServer server = FakeControlServer.saying(socket, UNKNOWN)) {
            assertThat(calls("{\"type\":\"stats\"," + data + "}").usage(77, 512))
                    .isEqualTo(expected);
        }
        Files.delete(socket);
        try (FakeControlServer server =
                FakeControlServer.saying(socket, "{\"success\":true,\"result\":{\"event\":{" + data + "}}}")) {
            assertThat(calls("").usage(77, 512)).isEqualTo(expected);
        }
    }

    @Test
    void nonsenseFiguresAreNoCrash() throws IOException {
        try (FakeControlServer server = FakeControlServer.saying(
                socket,
                "{\"success\":true,\"result\":{\"event\":{\"data\":{\"pids\":{\"current\":\"many\"},\"memory\":[]}}}}")) {
            assertThat(calls("").usage(0, 0)).isEqualTo(new BoxUsage(0, 0, 0, 0));
        }
    }

    @Test
    void aRefusalAndSilenceAreProblems() throws IOException {
        BoxCalls calls = calls("");
        try (FakeControlServer server = FakeControlServer.saying(socket, "{\"success\":false,\"err\":\"no\"}")) {
            assertThatThrownBy(calls::start).satisfies(thrown -> assertCode(thrown, ProblemCode.INTERNAL));
        }
        Files.delete(socket);
        assertThatThrownBy(calls::start).satisfies(thrown -> assertCode(thrown, ProblemCode.HOST_UNAVAILABLE));
    }

    private static void assertCode(Throwable thrown, ProblemCode code) {
        assertThat(thrown).isInstanceOf(ProblemException.class);
        assertThat(((ProblemException) thrown).problem().code()).isEqualTo(code);
    }
}
