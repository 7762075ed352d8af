package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A platform in a process of its own that is killed with SIGKILL: what its execs said, and what the records say of them, is the same in
 * every life, of a sandbox that lives and of one that was deleted. Clients that call while it is killed are {@code ChaosIT}'s.
 */
class KilledPlatformIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern LISTENS = Pattern.compile("the API listens on 127\\.0\\.0\\.1, port (\\d+)");
    private static final int LINES = 600;

    private Path home;
    private Process server;
    private ContractClient client;
    private int lives;

    /** What a client sees of an exec: its record, and its output in the order in which it came. */
    private record Seen(JsonNode exec, String output) {}

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory(Path.of("/tmp"), "atollkill");
    }

    @AfterEach
    void removeHome() throws Exception {
        if (server.isAlive()) {
            server.destroy();
            assertThat(server.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void start() throws IOException {
        Path out = home.resolve("out" + lives++);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.atoll.server.Main",
                        "--home=" + home,
                        "--listen=127.0.0.1:0",
                        "--grpc-listen=127.0.0.1:0",
                        "--cgroup-parent=atoll-it-killed",
                        "--pool-min=0",
                        "--stop-grace=50ms",
                        "--runsc=" + TestingPlatform.runsc())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATOLL_"));
        server = builder.start();
        await().atMost(START).until(() -> port(out).isPresent() || !server.isAlive());
        assertThat(port(out)).as(read(out)).isPresent();
        client = ContractClient.of(
                Integer.parseInt(port(out).get()),
                read(home.resolve("admin.key")).strip());
        await().atMost(START)
                .until(() -> client.with(Optional.empty()).get("/readyz").status() == 200);
    }

    private static Optional<String> port(Path out) {
        Matcher listens = LISTENS.matcher(read(out));
        return listens.find() ? Optional.of(listens.group(1)) : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void killAndStartAgain() throws Exception {
        server.destroyForcibly();
        assertThat(server.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        start();
    }

    private String sandbox() {
        Answer created = client.post("/v1/sandboxes?wait=60s", "{\"image\":\"busybox\",\"memory\":\"128Mi\"}");
        assertThat(created.at("/state")).as(created.text()).isEqualTo("running");
        return "/v1/sandboxes/" + created.at("/id");
    }

    /** Starts a shell command, and waits for its end as long as {@code wait} says; the path of its exec. */
    private String sh(String sandbox, String command, String wait) {
        Answer exec = client.post(sandbox + "/execs?wait=" + wait, "{\"argv\":[\"sh\",\"-c\",\"" + command + "\"]}");
        assertThat(exec.status()).as(exec.text()).isEqualTo(201);
        return sandbox + "/execs/" + exec.at("/id");
    }

    /** Commands that end in each way there is, with much output and little, on both streams and none. */
    private void runSome(String sandbox) {
        for (String command : List.of(
                "true",
                "echo out; echo err >&2; exit 3",
                "kill -9 $$",
                "i=0; while [ $i -lt 500 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done",
                "head -c 9000000 /dev/urandom",
                "head -c 70000 /dev/urandom | tr -d a >&2; printf end")) {
            sh(sandbox, command, "60s");
        }
    }

    private Map<String, Seen> look(String sandbox) throws IOException {
        Map<String, Seen> all = new LinkedHashMap<>();
        for (JsonNode item : client.get(sandbox + "/execs").json().get("items")) {
            String path = sandbox + "/execs/" + item.get("id").asString();
            // What is still running says something else from one moment to the next.
            if (item.get("state").asString().equals("ended")) {
                assertThat(client.get(path).json()).isEqualTo(item);
                all.put(path, new Seen(item, output(path)));
            }
        }
        return all;
    }

    /** The whole output with its streams and offsets, byte for byte. */
    private String output(String path) throws IOException {
        StringBuilder all = new StringBuilder();
        try (InputStream body =
                        client
                                .request("GET", path + "/output")
                                .header("Accept", "application/vnd.atoll.frames")
                                .stream();
                FrameReader frames = new FrameReader(body)) {
            long at = 0;
            int stream = 0;
            FrameReader.Frame frame = frames.next();
            while (frame.kind() != FrameReader.END) {
                assertThat(frame.kind()).isIn(FrameReader.STDOUT, FrameReader.STDERR);
                assertThat(frame.offset()).isEqualTo(at);
                if (frame.kind() != stream) {
                    stream = frame.kind();
                    all.append("\n--- ")
                            .append(stream)
                            .append(" from ")
                            .append(at)
                            .append('\n');
                }
                all.append(new String(frames.buffer(), 0, frame.length(), StandardCharsets.ISO_8859_1));
                at += frame.length();
                frame = frames.next();
            }
            return all.append("\n--- end at ").append(at).toString();
        }
    }

    @Test
    void whatWasSaidIsTheSameInEveryLife() throws Exception {
        start();
        Answer imported = client.request("PUT", "/v1/images/busybox")
                .bytes("application/octet-stream", TestImages.busyboxTar())
                .send();
        assertThat(imported.status()).as(imported.text()).isEqualTo(201);
        String live = sandbox();
        String deleted = sandbox();
        runSome(live);
        runSome(deleted);
        String cut = sh(deleted, "echo begun; exec sleep 1000", "0s");
        assertThat(client.get(cut + "/output?wait=30s").at("/frames/0/text")).isEqualTo("begun\n");
        assertThat(client.delete(deleted + "?wait=60s").at("/state")).isEqualTo("stopped");
        Map<String, Seen> ofLive = look(live);
        Map<String, Seen> ofDeleted = look(deleted);
        assertThat(ofLive).hasSize(6);
        assertThat(ofDeleted).hasSize(7).containsKey(cut);
        assertThat(ofDeleted.get(cut).output()).contains("begun\n");
        assertThat(ofDeleted.get(cut).exec().get("reason").asString()).isEqualTo("sandbox_stopped");
        String going = sh(
                live,
                "i=0; while [ $i -lt " + LINES + " ]; do echo line $i; i=$((i+1)); sleep 0.01; done; exit 4",
                "0s");
        assertThat(client.get(going + "/output?wait=30s").at("/frames/0/text")).startsWith("line 0\n");

        killAndStartAgain();

        same(look(deleted), ofDeleted);
        Map<String, Seen> after = look(live);
        after.remove(going);
        same(after, ofLive);
        Answer ended = client.get(going + "?wait=60s");
        assertThat(ended.at("/exit_code")).as(ended.text()).isEqualTo("4");
        assertThat(output(going))
                .isEqualTo(IntStream.range(0, LINES)
                        .mapToObj(i -> "line " + i + "\n")
                        .collect(Collectors.joining("", "\n--- 1 from 0\n", "\n--- end at " + sizeOfLines())));
        runSome(live);
        Map<String, Seen> more = look(live);
        assertThat(more.keySet()).hasSize(13).containsAll(ofLive.keySet());

        killAndStartAgain();

        same(look(deleted), ofDeleted);
        same(look(live), more);
        assertThat(client.delete(live + "?wait=60s").at("/state")).isEqualTo("stopped");
        same(look(live), more);
    }

    private static int sizeOfLines() {
        return IntStream.range(0, LINES).map(i -> ("line " + i + "\n").length()).sum();
    }

    /** Told by the first that differs: megabytes of output are nothing to print. */
    private static void same(Map<String, Seen> now, Map<String, Seen> before) {
        assertThat(now.keySet()).containsExactlyElementsOf(before.keySet());
        before.forEach((path, seen) -> {
            assertThat(now.get(path).exec()).as(path).isEqualTo(seen.exec());
            assertThat(now.get(path).output().equals(seen.output()))
                    .as("the output of " + path)
                    .isTrue();
        });
    }
}
