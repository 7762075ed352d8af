package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Output that is followed: every byte once, however much there is and however often the reader comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputStreamsIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long GIBIBYTE = 1L << 30;
    private static final long ALLOWED_GROWTH = 32L << 20;

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String execs;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        execs = "/v1/sandboxes/" + sandbox + "/execs";
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    private String start(String command) {
        Answer exec = client.post(execs, "{\"argv\":[\"sh\",\"-c\",\"" + command + "\"]}");
        assertThat(exec.status()).as(exec.text()).isEqualTo(201);
        return execs + "/" + exec.at("/id");
    }

    private InputStream follow(String path, String form) {
        return client.request("GET", path).header("Accept", form).stream();
    }

    @Test
    void aGibibyteArrivesOnceAndMemoryDoesNotGrow() throws Exception {
        String path = start("yes 0123456789abcdef | head -c " + GIBIBYTE);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long before = memory();
        long most = before;
        long expected = 0;
        long nextLook = 64L << 20;
        try (FrameReader frames = new FrameReader(follow(path + "/output", "application/vnd.atoll.frames"))) {
            FrameReader.Frame frame = frames.next();
            while (frame.kind() != FrameReader.END) {
                assertThat(frame.offset()).isEqualTo(expected);
                digest.update(frames.buffer(), 0, frame.length());
                expected += frame.length();
                if (expected >= nextLook) {
                    most = Math.max(most, memory());
                    nextLook += 64L << 20;
                }
                frame = frames.next();
            }
            JsonNode exec = JSON.readTree(frames.buffer(), 0, frame.length());
            assertThat(exec.get("exit_code").asInt()).isZero();
        }
        assertThat(expected).isEqualTo(GIBIBYTE);
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256OfYes());
        assertThat(most - before).as("growth of memory in bytes").isLessThanOrEqualTo(ALLOWED_GROWTH);
    }

    private static String sha256OfYes() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] lines = "0123456789abcdef\n".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
        for (long left = GIBIBYTE; left > 0; left -= lines.length) {
            digest.update(lines, 0, (int) Math.min(left, lines.length));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What is really in use: heap after a collection, and buffers outside of it. */
    static long memory() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }

    @Test
    void eventsGoOnAtTheLastIdSeen() throws Exception {
        String path = start("for i in $(seq 2000); do echo line $i; echo error $i >&2; done");
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        Random random = new Random(9);
        String lastId = "";
        boolean ended = false;
        int connections = 0;
        while (!ended) {
            ContractClient.Request request =
                    client.request("GET", path + "/output").header("Accept", "text/event-stream");
            if (!lastId.isEmpty()) {
                request.header("Last-Event-ID", lastId);
            }
            connections++;
            int patience = 1 + random.nextInt(20);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(request.stream(), StandardCharsets.UTF_8))) {
                Event event = Event.read(lines);
                while (!event.name().equals("end") && patience-- > 0) {
                    JsonNode frame = JSON.readTree(event.data());
                    (frame.get("stream").asString().equals("stdout") ? stdout : stderr)
                            .writeBytes(frame.get("text").asString().getBytes(StandardCharsets.UTF_8));
                    lastId = event.id();
                    event = Event.read(lines);
                }
                ended = event.name().equals("end");
            }
        }
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (int i = 1; i <= 2000; i++) {
            out.append("line ").append(i).append('\n');
            err.append("error ").append(i).append('\n');
        }
        assertThat(stdout.toString(StandardCharsets.UTF_8)).isEqualTo(out.toString());
        assertThat(stderr.toString(StandardCharsets.UTF_8)).isEqualTo(err.toString());
        assertThat(connections).isPositive();
    }

    private record Event(String id, String name, String data) {
        static Event read(BufferedReader lines) throws IOException {
            String id = "";
            String name = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !name.isEmpty()) {
                    return new Event(id, name, data);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            throw new IOException("the stream ended without an end event");
        }
    }

    @Test
    void anyOffsetCanBeResumedInAnyFormAfterTheEnd() throws Exception {
        String path = start("seq 20000; seq 5 >&2");
        assertThat(client.get(path + "?wait=60s").at("/state")).isEqualTo("ended");
        StringBuilder numbers = new StringBuilder();
        for (int i = 1; i <= 20_000; i++) {
            numbers.append(i).append('\n');
        }
        byte[] all = numbers.toString().getBytes(StandardCharsets.US_ASCII);
        Random random = new Random(4);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(all.length);
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            String target = path + "/output?stream=stdout&offset=" + from;
            try (FrameReader frames = new FrameReader(follow(target, "application/vnd.atoll.frames"))) {
                for (FrameReader.Frame frame = frames.next(); frame.kind() != FrameReader.END; frame = frames.next()) {
                    assertThat(frame.kind()).isEqualTo(FrameReader.STDOUT);
                    assertThat(frame.offset()).isEqualTo(from + got.size());
                    got.write(frames.buffer(), 0, frame.length());
                }
            }
            assertThat(got.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(all, from, all.length));
        }
    }

    @Test
    void aReaderThatLeavesDoesNotHurtTheProcess() throws Exception {
        String path = start("while [ ! -e /tmp/go ]; do echo tick; sleep 0.05; done; echo done");
        try (InputStream stream = follow(path + "/output", "text/event-stream")) {
            assertThat(stream.readNBytes(40)).hasSize(40);
        }
        assertThat(client.get(path).at("/state")).isEqualTo("running");
        platform.sh(sandbox, "touch /tmp/go");
        Answer ended = client.get(path + "?wait=60s");
        assertThat(ended.at("/exit_code")).isEqualTo("0");
        assertThat(ended.at("/output/stdout/text")).endsWith("tick\ndone\n");
    }

    @Test
    void aStreamThatCannotBeginIsAPlainProblem() {
        String path = start("true");
        Answer answer = client.request("GET", path + "/output?offset=1000")
                .header("Accept", "text/event-stream")
                .send();
        assertThat(answer.code()).as(answer.text()).isEqualTo("offset_beyond_end");
        assertThat(answer.status()).isEqualTo(400);
    }
}
