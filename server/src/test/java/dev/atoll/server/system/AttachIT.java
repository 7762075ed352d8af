package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import dev.atoll.server.system.RawWebSocket.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A command over a WebSocket: its output, its input, several at once, and clients that mean no good. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttachIT {
    private static final Pattern ATTACHED = Pattern.compile("(?m)^atoll_exec_attachments (\\S+)$");

    /** Less than is kept of an exec's output: beyond that, the process waits for a viewer for a while, and then no more. */
    private static final long FLOOD_BYTES = 48L << 20;

    private static final int SLOW_VIEWERS = 10;
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

    private String start(String command, boolean stdin) {
        Answer exec = client.post(execs, "{\"argv\":[\"sh\",\"-c\",\"" + command + "\"],\"stdin\":" + stdin + "}");
        assertThat(exec.status()).as(exec.text()).isEqualTo(201);
        return execs + "/" + exec.at("/id");
    }

    private RawWebSocket attach(String exec, String query) throws IOException {
        return RawWebSocket.open(platform.port(), exec + "/attach" + query, "Authorization: Bearer " + platform.key());
    }

    private static String outputUntilEnd(RawWebSocket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Message message = socket.next(); !message.is("end"); message = socket.next()) {
            assertThat(message.closes()).as("closed: %s", message).isFalse();
            if (message.channel() == RawWebSocket.STDOUT || message.channel() == RawWebSocket.STDERR) {
                all.writeBytes(message.bytes());
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    @Test
    void inputGoesInOutputComesOutAndTheEndIsTold() throws Exception {
        String exec = start("while read line; do echo got $line; done; echo oh >&2; exit 3", true);
        try (RawWebSocket socket = attach(exec, "")) {
            Message attached = socket.next();
            assertThat(attached.is("attached")).isTrue();
            assertThat(attached.json().at("/exec/state").asString()).isEqualTo("running");
            socket.type("one\n");
            socket.send(RawWebSocket.STDIN, 4, "two\n".getBytes(StandardCharsets.UTF_8));
            socket.send(RawWebSocket.CLOSE_STDIN, 8, new byte[0]);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            long accepted = 0;
            long offset = 0;
            Message message = socket.next();
            while (!message.is("end")) {
                if (message.channel() == RawWebSocket.ACCEPTED) {
                    assertThat(message.offset()).isGreaterThanOrEqualTo(accepted);
                    accepted = message.offset();
                } else {
                    assertThat(message.offset()).isEqualTo(offset);
                    out.writeBytes(message.bytes());
                    offset += message.bytes().length;
                }
                message = socket.next();
            }
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("got one\ngot two\noh\n");
            assertThat(accepted).isEqualTo(8);
            assertThat(message.offset()).isEqualTo(offset);
            assertThat(message.json().at("/exec/exit_code").asInt()).isEqualTo(3);
            Message close = socket.next();
            assertThat(close.offset()).isEqualTo(1_000);
            assertThat(close.text()).isEqualTo("ended");
        }
    }

    @Test
    void signalsReachTheProcessAndLeavingDoesNot() throws Exception {
        String exec = start("trap 'echo stopped; exit 5' INT; echo ready; while :; do sleep 0.05; done", false);
        try (RawWebSocket socket = attach(exec, "")) {
            assertThat(socket.next().is("attached")).isTrue();
            assertThat(socket.next().text()).isEqualTo("ready\n");
        }
        assertThat(client.get(exec).at("/state")).isEqualTo("running");
        try (RawWebSocket socket = attach(exec, "?offset=6")) {
            assertThat(socket.next().is("attached")).isTrue();
            socket.send(RawWebSocket.SIGNAL, 0, "SIGINT process".getBytes(StandardCharsets.US_ASCII));
            assertThat(outputUntilEnd(socket)).isEqualTo("stopped\n");
        }
        assertThat(client.get(exec).at("/exit_code")).isEqualTo("5");
    }

    @Test
    void whatTwoTypeIsNotMixedWithinAMessage() throws Exception {
        String exec = start("cat", true);
        int messages = 100;
        int length = 5_000;
        try (RawWebSocket one = attach(exec, "");
                RawWebSocket other = attach(exec, "")) {
            CompletableFuture<Void> typing = CompletableFuture.runAsync(() -> typeMany(one, 'a', messages, length));
            CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> readAll(other, messages * length));
            try (RawWebSocket third = attach(exec, "")) {
                CompletableFuture<Void> more = CompletableFuture.runAsync(() -> typeMany(third, 'b', messages, length));
                CompletableFuture<String> alsoRead =
                        CompletableFuture.supplyAsync(() -> readAll(one, 2 * messages * length));
                typing.join();
                more.join();
                third.send(RawWebSocket.CLOSE_STDIN, RawWebSocket.APPEND, new byte[0]);
                String all = alsoRead.join();
                assertThat(all).hasSize(2 * messages * length);
                for (int i = 0; i < 2 * messages; i++) {
                    assertThat(all.substring(i * length, (i + 1) * length)
                                    .chars()
                                    .distinct())
                            .as("message %d", i)
                            .hasSize(1);
                }
            }
            assertThat(read.join()).hasSizeGreaterThanOrEqualTo(messages * length);
        }
    }

    private static void typeMany(RawWebSocket socket, char letter, int messages, int length) {
        try {
            for (int i = 0; i < messages; i++) {
                socket.type(String.valueOf(letter).repeat(length));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String readAll(RawWebSocket socket, int bytes) {
        try {
            StringBuilder all = new StringBuilder();
            while (all.length() < bytes) {
                Message message = socket.next();
                if (message.channel() == RawWebSocket.STDOUT) {
                    all.append(message.text());
                }
            }
            return all.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void afterTheEndEverythingOrOnlyTheTailIsThere() throws Exception {
        String exec = start("seq 5000; exit 7", false);
        assertThat(client.get(exec + "?wait=60s").at("/state")).isEqualTo("ended");
        String all;
        try (RawWebSocket socket = attach(exec, "")) {
            all = outputUntilEnd(socket);
        }
        assertThat(all).hasSize(23_893).startsWith("1\n2\n").endsWith("4999\n5000\n");
        try (RawWebSocket socket = attach(exec, "?tail=15")) {
            Message attached = socket.next();
            assertThat(attached.offset()).isEqualTo(all.length() - 15);
            assertThat(outputUntilEnd(socket)).isEqualTo("4998\n4999\n5000\n");
        }
        try (RawWebSocket socket = attach(exec, "?tail=1000000&stream=stderr")) {
            assertThat(outputUntilEnd(socket)).isEmpty();
        }
        try (RawWebSocket socket = attach(exec, "?offset=100000")) {
            assertThat(socket.awaitStatus("problem").json().at("/problem/code").asString())
                    .isEqualTo("offset_beyond_end");
            Message close = socket.next();
            assertThat(close.offset()).isEqualTo(4_400);
            assertThat(close.text()).isEqualTo("offset_beyond_end");
        }
    }

    @Test
    void aTicketWorksOnceForItsExecAndItsPage() throws Exception {
        String exec = start("echo hello", false);
        String other = start("echo other", false);
        String page = "https://console.example.org";
        String ticket = ticket(exec, "{\"origin\":\"" + page + "\"}");
        refused("origin_refused", exec, "?ticket=" + ticket, "Origin: https://evil.example.org");
        refused("unauthenticated", exec, "?ticket=" + ticket, "Origin: " + page);
        String fresh = ticket(exec, "{\"origin\":\"" + page + "\"}");
        refused("unauthenticated", other, "?ticket=" + fresh, "Origin: " + page);
        String third = ticket(exec, "{\"origin\":\"" + page + "\"}");
        String target = exec + "/attach?ticket=" + third;
        try (RawWebSocket socket = RawWebSocket.open(platform.port(), target, "Origin: " + page)) {
            assertThat(outputUntilEnd(socket)).isEqualTo("hello\n");
        }
        refused("unauthenticated", exec, "?ticket=" + third, "Origin: " + page);
        refused("unauthenticated", exec, "", "X-Other: 1");
        refused("origin_refused", exec, "", "Authorization: Bearer " + platform.key(), "Origin: http://evil.test");
        refused("exec_not_found", execs + "/ex_aaaaaaaaaaaaaaaaaaaa", "", "Authorization: Bearer " + platform.key());
        Answer plain = client.get(exec + "/attach");
        assertThat(plain.code()).isEqualTo("invalid_request");
        assertThat(client.with(Optional.empty()).get(exec + "/attach").status()).isEqualTo(401);
    }

    private String ticket(String exec, String request) {
        Answer made = client.post(exec + "/attach-tickets", request);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.at("/ticket");
    }

    private void refused(String code, String exec, String query, String... headers) {
        assertThatThrownBy(() -> RawWebSocket.open(platform.port(), exec + "/attach" + query, headers))
                .isInstanceOf(RawWebSocket.RefusedException.class)
                .hasMessageContaining("\"code\":\"" + code + "\"");
    }

    @Test
    void hostileMessagesEndWithACloseCodeAndLeaveNothingBehind() throws Exception {
        String exec = start("sleep 1000", true);
        closes(exec, 4_400, "invalid_request", socket -> socket.frame(RawWebSocket.BINARY, new byte[3]));
        closes(exec, 4_400, "invalid_request", socket -> socket.send(99, 0, new byte[10]));
        closes(exec, 4_400, "invalid_request", socket -> socket.send(RawWebSocket.STDOUT, 0, new byte[10]));
        closes(exec, 4_400, "invalid_request", socket -> socket.send(RawWebSocket.RESIZE, 0, new byte[3]));
        closes(exec, 4_400, "invalid_request", socket -> socket.send(RawWebSocket.STDIN, -7, new byte[1]));
        closes(exec, 4_400, "invalid_quantity", socket -> socket.send(RawWebSocket.RESIZE, 0, new byte[4]));
        closes(exec, 4_400, "invalid_request", socket -> socket.send(RawWebSocket.SIGNAL, 0, "SIGNO".getBytes()));
        closes(exec, 1_009, "", socket -> socket.send(RawWebSocket.STDIN, -1, new byte[70_000]));
        closes(exec, 1_003, "", socket -> socket.frame(1, "text".getBytes(StandardCharsets.UTF_8)));
        closes(exec, 1_002, "", socket -> socket.raw(new byte[] {(byte) 0xff, 0x7f, 1, 2, 3}, 5));
        closes(exec, 1_002, "", socket -> socket.raw(new byte[] {(byte) 0x82, 3, 1, 2, 3}, 5));
        try (RawWebSocket socket = attach(exec, "")) {
            socket.send(RawWebSocket.STDIN, 7, new byte[1]);
            Message gap = socket.awaitStatus("problem");
            assertThat(gap.json().at("/problem/code").asString()).isEqualTo("input_gap");
            assertThat(gap.json().at("/last").asBoolean()).isFalse();
            socket.send(RawWebSocket.SIGNAL, 0, "SIGKILL".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.awaitStatus("end").json().at("/exec/signal").asString())
                    .isEqualTo("SIGKILL");
        }
        await().until(() -> attachments() == 0);
    }

    private interface Attack {
        void on(RawWebSocket socket) throws IOException;
    }

    private void closes(String exec, int code, String reason, Attack attack) throws IOException {
        try (RawWebSocket socket = attach(exec, "")) {
            assertThat(socket.next().is("attached")).isTrue();
            attack.on(socket);
            Message message = socket.next();
            while (!message.closes()) {
                message = socket.next();
            }
            assertThat(message.offset()).as(message.text()).isEqualTo(code);
            assertThat(message.text()).startsWith(reason);
        }
    }

    private double attachments() {
        var matcher = ATTACHED.matcher(client.get("/metrics").text());
        assertThat(matcher.find()).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void garbageOfEveryKindLeavesTheServerWhole() throws Exception {
        String exec = start("sleep 1000", true);
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            try (RawWebSocket socket = attach(exec, "")) {
                byte[] garbage = new byte[1 + random.nextInt(200)];
                random.nextBytes(garbage);
                if (random.nextBoolean()) {
                    socket.frame(RawWebSocket.BINARY, garbage);
                } else {
                    socket.raw(garbage, garbage.length);
                }
                if (random.nextBoolean()) {
                    socket.frame(RawWebSocket.CLOSE, new byte[0]);
                }
            }
        }
        await().until(() -> attachments() == 0);
        assertThat(client.get(exec).at("/state")).isEqualTo("running");
        client.post(exec + "/signal", "{\"signal\":\"SIGKILL\"}");
    }

    @Test
    void aSlowViewerHoldsUpNobodyAndNothingInMemory() throws Exception {
        String exec = start("yes 0123456789abcdef | head -c " + FLOOD_BYTES, false);
        long before = OutputStreamsIT.memory();
        List<RawWebSocket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_VIEWERS; i++) {
            slow.add(attach(exec, ""));
        }
        try (RawWebSocket fast = attach(exec, "")) {
            assertThat(count(fast)).isEqualTo(FLOOD_BYTES);
        }
        assertThat(OutputStreamsIT.memory() - before)
                .as("growth of memory in bytes")
                .isLessThanOrEqualTo(ALLOWED_GROWTH);
        for (RawWebSocket viewer : slow.subList(0, 2)) {
            assertThat(count(viewer)).isEqualTo(FLOOD_BYTES);
        }
        for (RawWebSocket viewer : slow) {
            viewer.close();
        }
    }

    @Test
    void whatIsNoLongerKeptIsToldWithItsCode() throws Exception {
        String exec = start("yes 0123456789abcdef | head -c 90000000", false);
        assertThat(client.get(exec + "?wait=60s").at("/state")).isEqualTo("ended");
        try (RawWebSocket socket = attach(exec, "?offset=5")) {
            Message gone = socket.awaitStatus("problem");
            assertThat(gone.json().at("/problem/code").asString()).isEqualTo("output_gone");
            assertThat(gone.json().at("/last").asBoolean()).isTrue();
            Message close = socket.next();
            assertThat(close.offset()).isEqualTo(4_410);
            assertThat(close.text()).isEqualTo("output_gone");
        }
        try (RawWebSocket socket = attach(exec, "?tail=1000000000")) {
            Message attached = socket.next();
            assertThat(attached.offset())
                    .isEqualTo(attached.json().at("/exec/output/first_offset").asLong())
                    .isPositive();
        }
    }

    private static long count(RawWebSocket socket) throws IOException {
        long expected = 0;
        byte[] line = "0123456789abcdef\n".getBytes(StandardCharsets.US_ASCII);
        for (Message message = socket.next(); !message.is("end"); message = socket.next()) {
            if (message.channel() == RawWebSocket.STDOUT) {
                assertThat(message.offset()).isEqualTo(expected);
                assertThat(message.bytes()[0]).isEqualTo(line[(int) (expected % line.length)]);
                expected += message.bytes().length;
            }
        }
        return expected;
    }

    @Test
    void manyCanWatch() throws Exception {
        String exec = start("read go; seq 1000", true);
        List<RawWebSocket> viewers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            viewers.add(attach(exec, ""));
        }
        viewers.getFirst().type("\n");
        String[] seen = new String[viewers.size()];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = outputUntilEnd(viewers.get(i));
            viewers.get(i).close();
        }
        assertThat(Arrays.stream(seen).distinct()).hasSize(1);
        assertThat(seen[0]).hasSize(3_893);
    }
}
