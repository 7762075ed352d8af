package dev.atoll.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.atoll.cli.command.Command;
import dev.atoll.cli.command.CommandTable;
import dev.atoll.cli.command.CommandTable.Wanted;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Endpoint;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds;
import dev.atoll.cli.timing.Timing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping a platform, with a process that stands in for the server. Needs root, as the platform does. */
class LocalPlatformTest {
    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StandardStreams streams = new StandardStreams(
            InputStream.nullInputStream(), out, err, new StreamKinds(StreamKinds.Input.NOTHING, false));
    private int port;

    @BeforeEach
    void findPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stopWhatWasStarted() {
        ServerProcess.find(home.resolve("server.pid")).ifPresent(ServerProcess::askToStop);
    }

    private Settings settings(String what) throws IOException {
        Path java = home.resolve("java-" + what);
        Files.writeString(java, """
                #!/bin/sh
                exec %s -XX:TieredStopAtLevel=1 -cp %s dev.atoll.cli.platform.FakeServer %s %d %s "$@"
                """.formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        home,
                        port,
                        what));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Endpoint endpoint = new Endpoint(URI.create("http://127.0.0.1:" + port), false);
        return new Settings(endpoint, home, "atoll_test", java.toString(), "/the/class/path", "-Xmx1g  -Dx=y");
    }

    private ApiClient api(Settings settings) {
        return new ApiClient(settings.endpoint(), new ApiKey(settings), new RealTiming(), () -> "key");
    }

    private LocalPlatform platform(Settings settings) {
        return new LocalPlatform(settings, api(settings), streams, new RealTiming());
    }

    @Test
    void twoWhoWantItAtOnceStartOneAndDownStopsIt() throws IOException {
        Settings settings = settings("serve");
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> platform(settings).ensureReady(false, () -> {}));
        platform(settings).ensureReady(false, () -> {});
        other.join();
        platform(settings).ensureReady(false, () -> {});

        assertThat(home.resolve("starts")).hasContent("x");
        ServerProcess server = ServerProcess.find(settings.pidFile()).orElseThrow();
        assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"))
                        .split("\0"))
                .endsWith("-Xmx1g", "-Dx=y", "-cp", "/the/class/path", "dev.atoll.server.Main");
        assertThat(settings.logFile()).content().contains("the first line of a server that serves");

        assertThat(run(new DownCommand(settings, streams, new RealTiming()), "down"))
                .isZero();
        assertThat(server.isAlive()).isFalse();
        assertThat(out.toString()).isEqualTo("The platform has stopped (pid " + server.pid() + ").\n");
        assertThat(run(new DownCommand(settings, streams, new RealTiming()), "down"))
                .isZero();
        assertThat(out.toString()).endsWith("No platform runs from " + home + ".\n");
    }

    @Test
    void upSaysWhenOneRunsAlready() throws IOException {
        Settings settings = settings("serve");
        UpCommand up = new UpCommand(settings, api(settings), platform(settings), streams, taker -> {});

        assertThat(run(up, "up", "--detach")).isZero();
        assertThat(run(up, "up")).isZero();

        assertThat(out.toString())
                .contains("The platform runs at http://127.0.0.1:" + port + ", pid ", "The platform already runs at ");
        assertThat(home.resolve("starts")).hasContent("x");
    }

    @Test
    void aServerThatDiesIsQuoted() throws IOException {
        Settings settings = settings("die");

        Problem problem = problem(() -> platform(settings).ensureReady(false, () -> {}));

        assertThat(problem.code()).isEqualTo("server_died");
        assertThat(problem.detail())
                .contains("Its last words:\n  the first line of a server that dies\n  database: the disk is full");
        assertThat(problem.detail()).doesNotContain("\tat ");
        assertThat(problem.hint()).contains(settings.logFile().toString(), "./atoll doctor");
    }

    @Test
    void aRefusalToStartIsPassedOn() throws IOException {
        Settings settings = settings("refuse");

        Problem problem = problem(() -> platform(settings).ensureReady(false, () -> {}));

        assertThat(problem.code()).isEqualTo("server_refused");
        assertThat(problem.detail()).isEqualTo("The local platform did not start: Only 3 MiB are free in /data.");
        assertThat(problem.hint()).isEqualTo("Make 256 MiB free there. The log is in " + settings.logFile() + ".");
    }

    @Test
    void whereItListensIsWhereItIsReached() {
        assertThat(Settings.of(Map.of()).endpoint()).hasToString("http://127.0.0.1:7070");
        assertThat(Settings.of(Map.of("ATOLL_LISTEN", "127.0.0.1:7071")).endpoint())
                .hasToString("http://127.0.0.1:7071");
        assertThat(Settings.of(Map.of("ATOLL_LISTEN", "0.0.0.0:80")).endpoint()).hasToString("http://127.0.0.1:80");
        assertThat(Settings.of(Map.of("ATOLL_LISTEN", "[::]:80")).endpoint()).hasToString("http://[::1]:80");
        assertThat(Settings.of(Map.of("ATOLL_LISTEN", "x:1")).endpoint().given())
                .isFalse();
        assertThat(Settings.of(Map.of("ATOLL_LISTEN", "x:1", "ATOLL_URL", "https://a/"))
                        .endpoint())
                .isEqualTo(new Endpoint(URI.create("https://a"), true));
    }

    @Test
    void aPortThatSomethingElseHasIsSaid() throws IOException {
        Settings settings = settings("serve");
        var other = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        other.start();
        try {
            Problem problem = problem(() -> platform(settings).ensureReady(false, () -> {}));
            assertThat(problem.code()).isEqualTo(Problem.NOT_ATOLL);
            assertThat(problem.hint()).contains("another port");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void aHomeThatCannotBeUsedIsSaid() throws IOException {
        Settings settings = settings("serve");
        Path file = Files.writeString(home.resolve("file"), "");
        Settings broken = new Settings(settings.endpoint(), file.resolve("home"), "k", settings.java(), "/cp", "");

        assertThat(problem(() -> platform(broken).ensureReady(false, () -> {})).code())
                .isEqualTo("home_not_writable");
    }

    @Test
    void withoutTheLauncherItIsNotKnownWhereTheServerIs() throws IOException {
        Settings settings = settings("serve");
        Settings bare = new Settings(settings.endpoint(), home, "k", settings.java(), "", "");

        assertThat(problem(() -> platform(bare).ensureReady(false, () -> {})).code())
                .isEqualTo("launcher_missing");
    }

    @Test
    void aPidThatBelongsToSomeoneElseIsLeftAlone() throws IOException {
        Settings settings = settings("serve");
        Files.writeString(
                settings.pidFile(), String.valueOf(ProcessHandle.current().pid()));

        assertThat(ServerProcess.find(settings.pidFile())).isEmpty();
        assertThat(run(new DownCommand(settings, streams, new RealTiming()), "down"))
                .isZero();
    }

    private static Problem problem(Runnable action) {
        Problem[] caught = new Problem[1];
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(ProblemException.class, problem -> caught[0] = problem.problem());
        return caught[0];
    }

    private static int run(Command.Action action, String... arguments) {
        List<Flag> flags = List.of(Flag.sign("detach", 'd', ""));
        Command command = new Command(arguments[0], "", "", "", flags, "", Command.Grammar.OPERANDS, action);
        Wanted.Run wanted = (Wanted.Run) new CommandTable(List.of(command)).read(List.of(arguments));
        return action.run(wanted.invocation());
    }

    private static final class RealTiming implements Timing {
        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration span) {
            LockSupport.parkNanos(span.toNanos());
        }
    }
}
