package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.atoll.cli.Cli.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands other than {@code run}, against the fake platform. */
class CommandsTest {
    private static final String ID = FakePlatform.SANDBOX;

    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        platform.close();
    }

    private void aSandboxIsListed() throws JsonParserException {
        platform.listed.add(JsonParser.object().from(FakePlatform.sandbox("running")));
    }

    @Test
    void execFindsTheSandboxByName() throws JsonParserException {
        aSandboxIsListed();
        platform.exec.out("hi\n").exits(2);

        Result result = cli.run("exec", "build-7", "--cwd", "/src", "-e", "A=1", "--", "ls", "-l");

        assertThat(result).isEqualTo(new Result(2, "hi\n", ""));
        assertThat(platform.bodies.getLast())
                .isEqualTo(Map.of("argv", List.of("ls", "-l"), "stdin", false, "cwd", "/src", "env", Map.of("A", "1")));
        assertThat(platform.deleted).isFalse();
    }

    @Test
    void execNeedsNoSeparator() {
        platform.exec.exits(0);

        assertThat(cli.run("exec", "--user", "root", ID, "ls", "-l").code()).isZero();
        assertThat(platform.bodies.getLast())
                .containsEntry("argv", List.of("ls", "-l"))
                .containsEntry("user", "root");
    }

    @Test
    void execSaysWhatIsMissing() {
        assertThat(cli.run("exec", "nobody", "--", "ls").code()).isEqualTo(125);
        assertThat(cli.run("exec", "nobody", "--", "ls").err())
                .contains("no sandbox with the name 'nobody'", "./atoll ls");
        assertThat(cli.run("exec", ID).err()).contains("Say which command to run, after --.");
        assertThat(cli.run("exec").err()).contains("Say which sandbox.");
    }

    @Test
    void createPrintsTheIdWhenTheSandboxRuns() {
        platform.sandboxStates.addAll(List.of("requested", "preparing", "running"));

        Result result = cli.run("create", "--name", "build-7", "-l", "team=search", "--ttl", "2h");

        assertThat(result).isEqualTo(new Result(0, ID + "\n", ""));
        assertThat(platform.bodies.getFirst())
                .isEqualTo(Map.of("name", "build-7", "ttl", "2h", "labels", Map.of("team", "search")));
        assertThat(platform.requests).hasSize(3);
    }

    @Test
    void createCanLeaveTheWaitingOut() {
        platform.sandboxStates.add("requested");

        assertThat(cli.run("create", "--no-wait", "--json").out()).isEqualTo(FakePlatform.sandbox("requested") + "\n");
        assertThat(platform.requests).hasSize(1);
    }

    @Test
    void lsShowsATableIdsOrJson() throws JsonParserException {
        aSandboxIsListed();

        assertThat(cli.run("ls").out()).isEqualTo("""
                        ID                        NAME     IMAGE  STATE    CPU  MEMORY  AGE  ENDS
                        sbx_aaaaaaaaaaaaaaaaaaaa  build-7  base   running  1    512Mi   5m   in 55m
                        """);
        assertThat(cli.run("ls", "-q").out()).isEqualTo(ID + "\n");
        assertThat(cli.run("ls", "--json").out()).startsWith("{\"items\":[{").endsWith("}]}\n");
        assertThat(platform.requests.subList(0, 4))
                .containsExactly(
                        "GET /v1/sandboxes?limit=200&state=requested",
                        "GET /v1/sandboxes?limit=200&state=preparing",
                        "GET /v1/sandboxes?limit=200&state=running",
                        "GET /v1/sandboxes?limit=200&state=stopping");
        cli.run("ls", "--all", "-l", "a=b c");
        assertThat(platform.requests.getLast()).isEqualTo("GET /v1/sandboxes?limit=200&label=a%3Db+c");
    }

    @Test
    void lsReadsEveryPage() {
        platform.answer("GET /v1/sandboxes", 200, "{\"items\":[{\"id\":\"sbx_1\"}],\"next_cursor\":\"c/1\"}");
        platform.answer("GET /v1/sandboxes", 200, "{\"items\":[{\"id\":\"sbx_2\"}],\"next_cursor\":null}");

        assertThat(cli.run("ls", "--all", "-q").out()).isEqualTo("sbx_1\nsbx_2\n");
        assertThat(platform.requests.getLast()).isEqualTo("GET /v1/sandboxes?limit=200&cursor=c%2F1");
    }

    @Test
    void rmGoesOnAfterAFailure() throws JsonParserException {
        aSandboxIsListed();

        Result result = cli.run("rm", "nobody", "build-7", "nobody-else");

        assertThat(result.code()).isEqualTo(66);
        assertThat(result.out()).isEqualTo(ID + "\n");
        assertThat(result.err()).contains("'nobody'", "'nobody-else'");
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void statusTellsWhatRunsWhere() throws JsonParserException {
        aSandboxIsListed();

        Result result = cli.run("status");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("""
                        platform   %s, ready
                        version    0.1.0
                        host       metal-1, runsc release-20260905.0 (systrap), 2 CPU, 22Gi
                        sandboxes  1 running
                        image      base, ready
                        """.formatted(platform.url()));
        assertThat(JsonParser.object().from(cli.run("status", "--json").out()))
                .containsEntry("ready", true)
                .containsEntry("sandboxes", Map.of("running", 1))
                .containsKeys("capabilities", "images", "pid");
    }

    @Test
    void statusOfAPlatformThatIsNotReady() {
        String waiting =
                "{\"ready\":false,\"parts\":[{\"name\":\"hosts\",\"ready\":false,\"detail\":\"No host is connected.\"}]}";
        platform.answer("GET /readyz", 503, waiting);

        Result result = cli.run("status");

        assertThat(result.code()).isEqualTo(69);
        assertThat(result.out()).contains("not ready: waiting for hosts (No host is connected.)");
    }

    @Test
    void nothingThatAnswersAndSomethingElseThatDoes() {
        platform.answer("GET /v1/sandboxes", 200, "<html>");
        Result other = cli.run("ls");
        assertThat(other.code()).isEqualTo(69);
        assertThat(other.err()).contains("Something other than Atoll", "code: not_atoll");

        platform.answer("GET /v1/sandboxes", 302, "");
        assertThat(cli.run("ls").err()).contains("it answered with status 302");

        platform.close();
        Result nothing = cli.run("ls");
        assertThat(nothing.code()).isEqualTo(69);
        assertThat(nothing.err()).contains("No platform answers at " + platform.url(), "Check ATOLL_URL");
    }

    @Test
    void theKeyComesFromTheFileOfTheLocalPlatform() throws IOException {
        cli.environment.remove("ATOLL_API_KEY");
        cli.environment.put("ATOLL_HOME", directory.toString());
        Result missing = cli.run("ls");
        assertThat(missing.code()).isEqualTo(77);
        assertThat(missing.err()).contains("neither ATOLL_API_KEY nor the file " + directory.resolve("admin.key"));

        Files.writeString(directory.resolve("admin.key"), FakePlatform.KEY + "\n");
        assertThat(cli.run("ls").code()).isZero();

        Files.delete(directory.resolve("admin.key"));
        Files.createDirectory(directory.resolve("admin.key"));
        Result unreadable = cli.run("ls");
        assertThat(unreadable.code()).isEqualTo(77);
        assertThat(unreadable.err()).contains("cannot be read by this user", "Use sudo, or set ATOLL_API_KEY.");
    }

    @Test
    void aWrongAddressIsSaid() {
        cli.environment.put("ATOLL_URL", "localhost:7070");
        Result result = cli.run("ls");
        assertThat(result.code()).isEqualTo(78);
        assertThat(result.err())
                .contains("ATOLL_URL makes the address 'localhost:7070', which is not that of a platform.");
    }

    @Test
    void importsAFileAndNamesItAfterIt() throws IOException {
        Path archive = Files.writeString(directory.resolve("My Tools_1.2.tar.gz"), "bytes");

        assertThat(cli.run("image", "import", archive.toString())).isEqualTo(new Result(0, "my-tools-1-2\n", ""));
        assertThat(platform.uploads.get("my-tools-1-2")).isEqualTo("bytes".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void importsFromStdinUnderAName() {
        cli.in = new ByteArrayInputStream("tar".getBytes(StandardCharsets.UTF_8));

        assertThat(cli.run("image", "import", "-").err()).contains("--name NAME");
        assertThat(cli.run("image", "import", "-", "--name", "tools").code()).isZero();
        assertThat(platform.uploads.get("tools")).isEqualTo("tar".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anImportThatIsRefusedSaysWhy() throws IOException {
        Path archive = Files.writeString(directory.resolve("a.tar"), "bytes");
        platform.refuse("PUT /v1/images/a", 422, "image_invalid");

        Result result = cli.run("image", "import", archive.toString());

        assertThat(result.code()).isEqualTo(73);
        assertThat(result.err()).contains("code: image_invalid");
        assertThat(cli.run("image", "import", "/nowhere/x.tar").code()).isEqualTo(66);
        assertThat(cli.run("image", "import", "/nowhere/x.tar").err())
                .contains("/nowhere/x.tar cannot be read: there is no such file.");
    }

    @Test
    void aRefusedKeyEndsAnImportToo() throws IOException {
        Path archive = Files.writeString(directory.resolve("a.tar"), "bytes");
        cli.environment.put("ATOLL_API_KEY", "atoll_wrong");

        Result result = cli.run("image", "import", archive.toString());

        assertThat(result.code()).isEqualTo(77);
        assertThat(result.err()).contains("code: unauthenticated");
    }

    @Test
    void imagesAreListedMadeAndRemoved() {
        assertThat(cli.run("image", "ls").out()).isEqualTo("""
                        NAME  STATE              SIZE       CREATED  ID
                        base  ready (41 of 180)  392.9 MiB  65m      img_aaaaaaaaaaaaaaaaaaaa
                        """);
        assertThat(cli.run("image", "ls", "-q").out()).isEqualTo("base\n");
        assertThat(cli.run("image", "make", "base").out()).isEqualTo("base\n");
        platform.answer("DELETE /v1/images/base", 204, "");
        assertThat(cli.run("image", "rm", "base", "nope"))
                .isEqualTo(
                        new Result(
                                64 + 2,
                                "base\n",
                                "atoll: It is route_not_found.\n  hint: Do something.\n  code: route_not_found, request: req-1\n"));
    }

    @Test
    void whatDoesNotSpeakHttpIsSaidAtOnce() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(other));
            cli.environment.put("ATOLL_URL", "http://127.0.0.1:" + other.getLocalPort());
            assertThat(cli.run("ls").err()).contains("Something other than Atoll", "it does not speak HTTP");
        }
    }

    private static void greet(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                Thread.ofVirtual().start(() -> greet(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Reads on after the greeting: closing with something unread would reset the connection and lose the greeting. */
    private static void greet(Socket caller) {
        try (caller) {
            caller.getOutputStream().write("SSH-2.0-Other\r\n".getBytes(StandardCharsets.US_ASCII));
            caller.shutdownOutput();
            caller.getInputStream().readAllBytes();
        } catch (IOException gone) {
            // It has hung up.
        }
    }

    @Test
    void aHostThatDoesNotExistIsSaidAtOnce() {
        cli.environment.put("ATOLL_URL", "http://no-such-host.invalid:7070");
        assertThat(cli.run("ls").err())
                .contains("No platform answers at http://no-such-host.invalid:7070 (no-such-host.invalid).");
    }
}
