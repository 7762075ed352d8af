package dev.atoll.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.imagecas.debian.BaseImage;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.server.settings.ServerSettings;
import dev.atoll.server.settings.SettingValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The whole platform in this JVM: real runsc, embedded Postgres, its own data directory and control group, the API on a free port, and the
 * image
 * {@code busybox}. One of them is shared by the tests that leave nothing behind; others start their own.
 */
public final class TestingPlatform implements AutoCloseable {
    private static final Pattern BOX = Pattern.compile("box[a-z2-7]{20}");
    /** An image that has a shell and the usual small programs. */
    public static final String IMAGE = "busybox";

    private static final String OTHER_WORKSPACE = "ws_otherotherotherother";

    private final Path home;
    private final String cgroupParent;
    private final HostLink.Maker link;
    private final List<String> more;
    private ServerWiring wiring;
    private ContractClient client;

    private TestingPlatform(Path home, HostLink.Maker link, String... more) {
        this.home = home;
        this.more = List.of(more);
        this.cgroupParent = "atoll-it-" + home.getFileName().toString().replaceAll("[^a-z0-9]", "");
        this.link = link;
        open();
        Answer imported = client.request("PUT", "/v1/images/" + IMAGE)
                .bytes("application/octet-stream", TestImages.busyboxTar())
                .send();
        assertThat(imported.status()).as(imported.text()).isEqualTo(201);
    }

    private static final class Shared {
        static final TestingPlatform PLATFORM = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(PLATFORM::close));
        }
    }

    /**
     * One with the image {@code base} of this build. The first in a JVM that finds none on this machine makes it from Debian's packages, as
     * it is made for everyone, and is waited for.
     */
    public static TestingPlatform withBaseImage() {
        Path home = freshHome();
        BaseImages.linkInto(home.resolve("host/images"));
        TestingPlatform platform = new TestingPlatform(home, HostLink.inProcess("host-agent-" + home));
        platform.client().request("POST", "/v1/images/base/make").send();
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> platform.baseImageIsMadeFrom(
                        BaseImage.recipe(Optional.empty()).describe()));
        BaseImages.keep(home.resolve("host/images"));
        return platform;
    }

    private boolean baseImageIsMadeFrom(String source) throws IOException {
        Answer image = client.get("/v1/images/base");
        Path record = home.resolve("host/images/images")
                .resolve(image.at("/state").equals("ready") ? image.at("/id") : "none")
                .resolve("image.json");
        return Files.isRegularFile(record) && Files.readString(record).contains(source);
    }

    /** The one that tests share; closed when the JVM ends. */
    public static TestingPlatform shared() {
        return Shared.PLATFORM;
    }

    public static TestingPlatform start() {
        Path home = freshHome();
        return new TestingPlatform(home, HostLink.inProcess("host-agent-" + home));
    }

    /** One with settings of its own, as flags. */
    public static TestingPlatform with(String... flags) {
        Path home = freshHome();
        return new TestingPlatform(home, HostLink.inProcess("host-agent-" + home), flags);
    }

    static TestingPlatform start(HostLink.Maker link) {
        return new TestingPlatform(freshHome(), link);
    }

    private static Path freshHome() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "atollit");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Talks to the API with the admin key. */
    public ContractClient client() {
        return client;
    }

    /** The same with the key of another workspace. */
    public ContractClient stranger() {
        try (Connection connection = wiring.database().dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into workspaces (id, created_at) values (?, now()) on conflict do nothing")) {
            insert.setString(1, OTHER_WORKSPACE);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        String key = wiring.keys()
                .issue(new WorkspaceId(OTHER_WORKSPACE), "stranger")
                .secret();
        return client.with(Optional.of(key));
    }

    public Path home() {
        return home;
    }

    public int port() {
        return wiring.port();
    }

    public int grpcPort() {
        return wiring.grpcPort();
    }

    /** The key in the platform's key file. */
    public String key() {
        try {
            return Files.readString(home.resolve("admin.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is on this machine because of this platform's sandboxes. */
    public HostLeftovers snapshot() {
        try {
            return HostLeftovers.snapshot(home.resolve("host"), cgroupParent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of a new sandbox that runs. */
    public String sandbox() {
        return sandbox("{\"image\":\"" + IMAGE + "\",\"memory\":\"256Mi\"}");
    }

    /** The id of a new sandbox that runs, after a request. */
    public String sandbox(String request) {
        Answer created = client.post("/v1/sandboxes?wait=60s", request);
        assertThat(created.at("/state")).as(created.text()).isEqualTo("running");
        return created.at("/id");
    }

    /** An exec that has ended, of a shell command. */
    public Answer sh(String sandbox, String command) {
        String quoted =
                "\"" + command.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
        Answer exec = client.post(
                "/v1/sandboxes/" + sandbox + "/execs?wait=60s", "{\"argv\":[\"sh\",\"-c\"," + quoted + "]}");
        assertThat(exec.at("/state")).as(exec.text()).isEqualTo("ended");
        return exec;
    }

    public void delete(String sandbox) {
        assertThat(client.delete("/v1/sandboxes/" + sandbox + "?wait=60s").at("/state"))
                .isIn("stopped", "failed");
    }

    /**
     * What is here now and was not {@code before}, without the boxes that the platform says it keeps ready for nobody yet. Sandboxes that
     * are alive, of other tests that failed, have boxes too.
     */
    public Set<String> left(HostLeftovers before) {
        int kept = client.get("/v1/sandboxes?state=running&limit=100")
                .json()
                .at("/items")
                .size();
        for (JsonNode pool : client.get("/v1/capabilities").json().at("/hosts/0/pools")) {
            kept += pool.get("ready").asInt() + pool.get("booted").asInt();
        }
        HostLeftovers now = snapshot();
        Set<String> boxes = new TreeSet<>();
        now.things().forEach(thing -> BOX.matcher(thing).results().forEach(box -> boxes.add(box.group())));
        Set<String> left = now.since(before);
        // What ended sandboxes said stays for a while.
        left.removeIf(thing -> thing.matches("file .*/sandboxes/sbx_[a-z2-7]{20}(/execs(/.*)?)?"));
        if (boxes.size() == kept) {
            left.removeIf(thing -> BOX.matcher(thing).find());
        }
        return left;
    }

    /** Ends every sandbox; answers how many have not. */
    public int drain() {
        return wiring.drain(Duration.ofSeconds(60));
    }

    /** Stops the platform in order and starts it anew over the same data. */
    public void restart() {
        wiring.close();
        open();
    }

    private void open() {
        wiring = ServerWiring.start(settings(home, cgroupParent, more), link);
        client = ContractClient.of(wiring.port(), key());
        org.awaitility.Awaitility.await()
                .until(() -> client.with(Optional.empty()).get("/readyz").status() == 200);
    }

    static ServerSettings settings(Path home, String cgroupParent) {
        return settings(home, cgroupParent, List.of());
    }

    private static ServerSettings settings(Path home, String cgroupParent, List<String> more) {
        Stream<String> usual = Stream.of(
                "--home=" + home,
                "--listen=127.0.0.1:0",
                "--cgroup-parent=" + cgroupParent,
                "--stop-grace=50ms",
                "--pool-min=0",
                "--runsc=" + runsc());
        return ServerSettings.of(
                SettingValues.read(Stream.concat(usual, more.stream()).toList(), Map.of()));
    }

    /** The runtime that tests use. */
    public static Path runsc() {
        Path path = Optional.ofNullable(System.getenv("ATOLL_RUNSC"))
                .map(Path::of)
                .orElseGet(() -> Path.of(
                        Optional.ofNullable(System.getenv("ATOLL_HOME")).orElse("/var/lib/atoll"), "runtime", "runsc"));
        assertThat(path)
                .as("runsc; it is built by ./atoll test, or by isolation/runtime/build.sh %s", path.getParent())
                .isExecutable();
        return path;
    }

    @Override
    public void close() {
        assertThat(wiring.drain(Duration.ofSeconds(60)))
                .as("sandboxes that do not end")
                .isZero();
        wiring.close();
        Set<String> left = snapshot().things();
        removeControlGroup();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("still there: " + left, e);
        }
    }

    /** The platform keeps the group that all its sandboxes share; this one's name is never used again. */
    private void removeControlGroup() {
        Path root = Path.of("/sys/fs/cgroup");
        try (Stream<Path> hierarchies = Files.list(root)) {
            for (Path hierarchy : Stream.concat(Stream.of(root), hierarchies).toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroupParent));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
