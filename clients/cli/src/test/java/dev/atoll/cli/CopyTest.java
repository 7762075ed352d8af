package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atoll.cli.Cli.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cp} against a server that keeps what it is sent. */
class CopyTest {
    private static final String BOX = FakePlatform.SANDBOX;

    @TempDir
    Path directory;

    /** What was sent, and what is there, by method and the end of the address. */
    private final Map<String, byte[]> sent = new ConcurrentHashMap<>();

    private final Map<String, String> there = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean breaksOff;
    private HttpServer server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        cli = new Cli();
        cli.environment.put(
                "ATOLL_URL", "http://127.0.0.1:" + server.getAddress().getPort());
        cli.environment.put("ATOLL_API_KEY", FakePlatform.KEY);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String prefix = "/v1/sandboxes/" + BOX + "/files";
            String target = exchange.getRequestURI().toString();
            String call = exchange.getRequestMethod() + " " + target.substring(prefix.length());
            if (exchange.getRequestMethod().equals("PUT")) {
                sent.put(call, exchange.getRequestBody().readAllBytes());
                FakePlatform.send(exchange, 200, "{\"entries\":3,\"bytes\":9}");
                return;
            }
            String body = there.get(call);
            if (body == null) {
                FakePlatform.send(exchange, 404, FakePlatform.problem(404, "file_not_found"));
                return;
            }
            byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            boolean broken = breaksOff && call.startsWith("GET ?");
            exchange.sendResponseHeaders(200, broken ? bytes.length + 10 : bytes.length);
            OutputStream out = exchange.getResponseBody();
            out.write(bytes);
            out.flush();
        }
    }

    private void isThere(String path, String type, String mode) {
        there.put(
                "GET /stat?path=" + path + "&follow_link=true",
                "{\"path\":\"x\",\"type\":\"" + type + "\",\"size\":5,\"mode\":\"" + mode
                        + "\",\"modified_at\":\"2020-01-01T00:00:00Z\"}");
    }

    @Test
    void aFileGoesToANameOrIntoADirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("a b.txt"), "hello");
        assertThat(cli.run("cp", file.toString(), BOX + ":/x/new.txt")).isEqualTo(new Result(0, "", ""));
        assertThat(sent.keySet()).singleElement().asString().startsWith("PUT ?path=%2Fx%2Fnew.txt&mode=06");
        sent.clear();
        isThere("%2Fdir", "directory", "0755");
        Result json = cli.run("cp", "--json", "--user", "nobody", file.toString(), BOX + ":/dir");
        // The address of the user's own call: nothing is there for nobody.
        assertThat(json.out()).contains("\"files\":1", "\"bytes\":5");
        sent.clear();
        cli.run("cp", file.toString(), BOX + ":/dir");
        assertThat(sent.keySet()).singleElement().asString().startsWith("PUT ?path=%2Fdir%2Fa+b.txt");
        Result missing = cli.run("cp", file.toString(), BOX + ":/nowhere/");
        assertThat(missing.code()).isEqualTo(66);
        assertThat(missing.err()).contains("target_refused");
    }

    @Test
    void aDirectoryGoesAsAnArchive() throws IOException {
        Path source = Files.createDirectory(directory.resolve("src"));
        Files.writeString(source.resolve("one"), "1");
        assertThat(cli.run("cp", source.toString(), BOX + ":/new").code()).isZero();
        assertThat(new String(sent.get("PUT /archive?path=%2Fnew&format=tar"), StandardCharsets.ISO_8859_1))
                .startsWith("one\0");
        isThere("%2Fdir", "directory", "0755");
        cli.run("cp", source.toString(), BOX + ":/dir");
        assertThat(sent).containsKey("PUT /archive?path=%2Fdir%2Fsrc&format=tar");
        cli.run("cp", source + "/.", BOX + ":/dir");
        assertThat(sent).containsKey("PUT /archive?path=%2Fdir&format=tar");
        isThere("%2Ffile", "file", "0644");
        assertThat(cli.run("cp", source.toString(), BOX + ":/file").err()).contains("target_refused");
    }

    @Test
    void aFileComesBackWithItsModeAndAllAtOnce() throws IOException {
        isThere("%2Fx", "file", "4751");
        there.put("GET ?path=%2Fx", "hello");
        Path target = directory.resolve("new");
        assertThat(cli.run("cp", BOX + ":/x", target.toString())).isEqualTo(new Result(0, "", ""));
        assertThat(Files.readString(target)).isEqualTo("hello");
        assertThat((int) Files.getAttribute(target, "unix:mode") & 07777).isEqualTo(0751);
        assertThat(Files.getLastModifiedTime(target)).hasToString("2020-01-01T00:00:00Z");
        breaksOff = true;
        there.put("GET ?path=%2Fx", "half");
        Result broken = cli.run("cp", BOX + ":/x", target.toString());
        assertThat(broken.code()).isEqualTo(66);
        assertThat(Files.readString(target)).isEqualTo("hello");
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(target);
        }
    }

    @Test
    void streamsGoBothWays() {
        cli.in = new ByteArrayInputStream("an archive".getBytes(StandardCharsets.UTF_8));
        assertThat(cli.run("cp", "-", BOX + ":/dir").code()).isZero();
        assertThat(sent.get("PUT /archive?path=%2Fdir")).asString().isEqualTo("an archive");
        there.put("GET /archive?path=src", "the archive");
        assertThat(cli.run("cp", BOX + ":src", "-").out()).isEqualTo("the archive");
    }

    @Test
    void whatCannotBeCopiedIsSaid() {
        assertThat(cli.run("cp", "a").err()).contains("SOURCE TARGET");
        assertThat(cli.run("cp", "a", "b").err()).contains("Neither side");
        assertThat(cli.run("cp", BOX + ":/a", "other:/b").err()).contains("Pipe it");
        assertThat(cli.run("cp", BOX + ":", "b").err()).contains("names no path");
        Result gone = cli.run("cp", directory + "/nowhere", BOX + ":/a");
        assertThat(gone.code()).isEqualTo(66);
        assertThat(gone.err()).contains("there is no such file", "file_unreadable");
        assertThat(cli.run("cp", BOX + ":/nowhere", directory.toString()).code())
                .isEqualTo(66);
    }
}
