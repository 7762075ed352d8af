package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One-call runs that nobody wants any more, wherever they are. */
class RunCancelIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CONTROL_GROUP = "atoll-it-cancel";
    private static final Pattern PORT = Pattern.compile("the API listens on [^,]*, port ([0-9]+)");

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();

    private static String request(String command, String memory) {
        return "{\"sandbox\":{\"image\":\"busybox\",\"memory\":\"" + memory + "\"},\"collect\":[\"/tmp/made\"],"
                + "\"exec\":{\"argv\":[\"sh\",\"-c\",\"" + command + "\"]}}";
    }

    private static Answer begun(ContractClient client, String command, String memory) {
        Answer run = client.post("/v1/runs?wait=0s", request(command, memory));
        assertThat(run.status()).as(run.text()).isEqualTo(202);
        return run;
    }

    private static Answer cancel(ContractClient client, Answer run) {
        Answer canceled = client.request("POST", "/v1/runs/" + run.at("/id") + "/cancel?wait=60s")
                .send();
        assertThat(canceled.status()).as(canceled.text()).isEqualTo(200);
        return canceled;
    }

    private static void awaitSaying(ContractClient client, Answer run, String said) {
        String execs = "/v1/sandboxes/" + run.at("/sandbox_id") + "/execs";
        await().atMost(LONG).until(() -> {
            Answer list = client.get(execs);
            return list.status() == 200
                    && !list.json().get("items").isEmpty()
                    && client.get(execs + "/" + list.at("/items/0/id") + "/output")
                            .text()
                            .contains(said);
        });
    }

    private static void awaitGone(ContractClient client, Answer run) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(client.get("/v1/sandboxes/" + run.at("/sandbox_id"))
                                .at("/state"))
                        .isEqualTo("stopped"));
    }

    @Test
    void aCommandThatRunsIsKilledAndWhatItMadeIsBroughtBack() {
        HostLeftovers before = platform.snapshot();
        Answer run = begun(
                client, "echo file > /tmp/made; trap '' TERM INT; setsid sleep 1000 & echo said; sleep 1000", "64Mi");
        awaitSaying(client, run, "said");

        Answer canceled = cancel(client, run);

        assertThat(canceled.at("/state")).as(canceled.text()).isEqualTo("canceled");
        assertThat(canceled.json().get("problem").isNull()).isTrue();
        assertThat(canceled.at("/exec/reason")).isEqualTo("signaled");
        assertThat(canceled.at("/exec/signal")).isEqualTo("SIGKILL");
        assertThat(canceled.at("/exec/output/stdout/text")).isEqualTo("said\n");
        assertThat(canceled.at("/files/0/text")).isEqualTo("file\n");
        awaitGone(client, run);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(platform.left(before)).isEmpty());
        Answer again = cancel(client, run);
        assertThat(again.at("/ended_at")).as("asking again changes nothing").isEqualTo(canceled.at("/ended_at"));
        assertThat(client.get("/v1/runs/" + run.at("/id")).text()).isEqualTo(again.text());
    }

    @Test
    void aRunThatHasEndedOrWasNeverThereIsToldClearly() {
        Answer ended = client.post("/v1/runs?wait=60s", request("echo done", "64Mi"));
        Answer asked = cancel(client, ended);
        assertThat(asked.at("/state")).isEqualTo("ended");
        assertThat(asked.at("/exec/output/stdout/text")).isEqualTo("done\n");
        assertThat(platform.stranger()
                        .request("POST", "/v1/runs/" + ended.at("/id") + "/cancel")
                        .send()
                        .code())
                .isEqualTo("run_not_found");
        assertThat(client.request("POST", "/v1/runs/run_aaaaaaaaaaaaaaaaaaaa/cancel")
                        .send()
                        .code())
                .isEqualTo("run_not_found");
    }

    /** At many moments of its beginning, so that it is met before, while and after its sandbox is made. */
    @Test
    void aRunThatIsBeginningIsCanceledAtAnyMoment() {
        HostLeftovers before = platform.snapshot();
        List<Answer> runs = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String cold = request("sleep 1000", "64Mi").replace("\"image\"", "\"warm\":false,\"image\"");
            Answer run = client.post("/v1/runs?wait=" + i * 40 + "ms", cold);
            assertThat(run.status()).as(run.text()).isEqualTo(202);
            runs.add(run);
            assertThat(cancel(client, run).at("/state")).isEqualTo("canceled");
        }
        for (Answer run : runs) {
            await().atMost(LONG).until(() -> {
                Answer sandbox = client.get("/v1/sandboxes/" + run.at("/sandbox_id"));
                return sandbox.status() == 404 || sandbox.at("/state").equals("stopped");
            });
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(platform.left(before)).isEmpty());
    }

    @Test
    void aRunThatWaitsForRoomLeavesTheQueue() {
        try (TestingPlatform own = TestingPlatform.start()) {
            String all = own.client().get("/v1/capabilities").at("/hosts/0/capacity/memory");
            String most = Long.parseLong(all.replaceAll("[^0-9]", "")) * 3 / 4 + all.replaceAll("[0-9]", "");
            String taken = own.sandbox("{\"image\":\"busybox\",\"memory\":\"" + most + "\"}");
            Answer run = begun(own.client(), "true", most);
            await().atMost(LONG)
                    .until(() -> own.client().get("/metrics").text().contains("atoll_admission_waiting 1.0"));

            Answer canceled = cancel(own.client(), run);

            assertThat(canceled.at("/state")).as(canceled.text()).isEqualTo("canceled");
            assertThat(canceled.json().get("exec").isNull()).isTrue();
            assertThat(own.client()
                            .get("/v1/sandboxes/" + run.at("/sandbox_id"))
                            .code())
                    .isEqualTo("sandbox_not_found");
            assertThat(own.client().get("/metrics").text()).contains("atoll_admission_waiting 0.0");
            own.delete(taken);
        }
    }

    @Test
    void aWishThatWasAnsweredOutlivesAKillOfThePlatform() throws Exception {
        Path home = Files.createTempDirectory(Path.of("/tmp"), "atollcan");
        Process first = start(home);
        Answer run;
        try {
            ContractClient api = ready(home, first);
            api.request("PUT", "/v1/images/busybox")
                    .bytes("application/octet-stream", TestImages.busyboxTar())
                    .send();
            run = begun(api, "echo file > /tmp/made; echo said; sleep 1000", "64Mi");
            awaitSaying(api, run, "said");
            Answer asked = api.request("POST", "/v1/runs/" + run.at("/id") + "/cancel?wait=0s")
                    .send();
            assertThat(asked.status()).as(asked.text()).isEqualTo(200);
        } finally {
            first.destroyForcibly();
            assertThat(first.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        Process second = start(home);
        try {
            ContractClient api = ready(home, second);
            Answer ended = api.get("/v1/runs/" + run.at("/id") + "?wait=60s");
            assertThat(ended.at("/state")).as(ended.text()).isEqualTo("canceled");
            assertThat(ended.at("/exec/output/stdout/text")).isEqualTo("said\n");
            assertThat(ended.at("/files/0/text")).isEqualTo("file\n");
            awaitGone(api, run);
        } finally {
            second.destroy();
            assertThat(second.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        removeControlGroup();
    }

    private static void removeControlGroup() throws IOException {
        Path root = Path.of("/sys/fs/cgroup");
        try (Stream<Path> hierarchies = Files.list(root)) {
            for (Path hierarchy : Stream.concat(Stream.of(root), hierarchies).toList()) {
                Files.deleteIfExists(hierarchy.resolve(CONTROL_GROUP));
            }
        }
    }

    private static Process start(Path home) throws IOException {
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
                        "--pool-min=0",
                        "--cgroup-parent=" + CONTROL_GROUP,
                        "--runsc=" + TestingPlatform.runsc())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATOLL_"));
        return builder.start();
    }

    private static ContractClient ready(Path home, Process server) throws IOException {
        Path output = home.resolve("out");
        await().atMost(LONG)
                .until(() -> !server.isAlive()
                        || PORT.matcher(Files.readString(output)).find());
        Matcher port = PORT.matcher(Files.readString(output));
        assertThat(port.find()).as(Files.readString(output)).isTrue();
        String key = Files.readString(home.resolve("admin.key")).strip();
        ContractClient api = ContractClient.of(Integer.parseInt(port.group(1)), key);
        await().atMost(LONG)
                .until(() -> api.with(Optional.empty()).get("/readyz").status() == 200);
        return api;
    }
}
