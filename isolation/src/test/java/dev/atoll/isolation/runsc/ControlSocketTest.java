package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.LinuxException;
import dev.atoll.isolation.linux.Poller;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ControlSocketTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int RANDOM_REPLIES = 300;

    @TempDir
    Path directory;

    private Poller poller;
    private Path path;

    @BeforeEach
    void open() throws LinuxException {
        poller = new Poller(Thread.ofPlatform().daemon().factory());
        path = directory.resolve("control.sock");
    }

    @AfterEach
    void close() {
        poller.close();
    }

    private ControlReply call(Path socket) throws IOException {
        return new ControlSocket(poller, socket).call("containerManager.Event", "box", List.of(), TIMEOUT);
    }

    @Test
    void aCallIsOneObjectAndSoIsItsReply() throws Exception {
        try (FakeControlServer server =
                FakeControlServer.saying(path, "{\"success\":true,\"err\":\"\",\"result\":{\"a\":\"}\\\"{\"}}")) {
            assertThat(call(path))
                    .isInstanceOfSatisfying(
                            ControlReply.Success.class,
                            success -> assertThat(success.result().path("a").stringValue())
                                    .isEqualTo("}\"{"));
            assertThat(server.requests())
                    .hasSize(1)
                    .first()
                    .satisfies(request -> assertThat(ControlReply.Mapper.INSTANCE.readTree(request))
                            .isEqualTo(ControlReply.Mapper.INSTANCE.valueToTree(
                                    Map.of("method", "containerManager.Event", "arg", "box"))));
        }
    }

    @Test
    void aReplyMayComeInPieces() throws Exception {
        byte[] reply = "{\"success\":true,\"result\":1792}".getBytes(StandardCharsets.UTF_8);
        try (FakeControlServer server = new FakeControlServer(path, connection -> {
            for (byte single : reply) {
                connection.write(ByteBuffer.wrap(new byte[] {single}));
            }
        })) {
            assertThat(call(path))
                    .isInstanceOfSatisfying(
                            ControlReply.Success.class,
                            success -> assertThat(success.result().intValue()).isEqualTo(1792));
        }
    }

    @Test
    void aRefusalIsNotAFailure() throws Exception {
        try (FakeControlServer server = FakeControlServer.saying(path, "{\"success\":false,\"err\":\"no\"}")) {
            assertThat(call(path)).isEqualTo(new ControlReply.Refused("no"));
        }
    }

    @Test
    void anUnknownMethodIsToldApart() throws Exception {
        try (FakeControlServer server =
                FakeControlServer.saying(path, "{\"success\":false,\"err\":\"unknown method\",\"result\":null}")) {
            assertThat(call(path)).isEqualTo(new ControlReply.UnknownMethod());
        }
    }

    @Test
    void aLongRefusalIsCut() throws Exception {
        try (FakeControlServer server =
                FakeControlServer.saying(path, "{\"success\":false,\"err\":\"" + "x".repeat(100_000) + "\"}")) {
            assertThat(call(path))
                    .isInstanceOfSatisfying(
                            ControlReply.Refused.class,
                            refused -> assertThat(refused.error()).hasSize(ControlReply.MAX_ERROR_CHARACTERS));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "\"success\"",
                "{}",
                "{\"success\":1}",
                "{\"success\":true}{",
                "{\"success\":tru}",
                "{\"success\":true,}",
                "}}}}",
                "{]",
                "HTTP/1.1 200 OK\r\n"
            })
    void nonsenseIsRefused(String reply) throws Exception {
        try (FakeControlServer server = FakeControlServer.saying(path, reply)) {
            assertThatThrownBy(() -> call(path)).isInstanceOf(MalformedReplyException.class);
        }
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        try (FakeControlServer server =
                FakeControlServer.saying(path, "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000))) {
            assertThatThrownBy(() -> call(path)).isInstanceOf(MalformedReplyException.class);
        }
    }

    @Test
    void anEndlessReplyIsCutOff() throws Exception {
        try (FakeControlServer server = new FakeControlServer(path, connection -> {
            connection.write(ByteBuffer.wrap("{\"a\":\"".getBytes(StandardCharsets.UTF_8)));
            while (connection.isOpen()) {
                connection.write(ByteBuffer.allocate(8192));
            }
        })) {
            assertThatThrownBy(() -> call(path))
                    .isInstanceOf(MalformedReplyException.class)
                    .hasMessageContaining(Integer.toString(ControlSocket.MAX_REPLY_BYTES));
        }
    }

    @Test
    void silenceEndsInATimeout() throws Exception {
        try (FakeControlServer server =
                new FakeControlServer(path, connection -> connection.read(ByteBuffer.allocate(1)))) {
            assertThatThrownBy(() -> new ControlSocket(poller, path)
                            .call("containerManager.Wait", "box", List.of(), Duration.ofMillis(20)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in time");
        }
    }

    @Test
    void aHangUpIsTold() throws Exception {
        try (FakeControlServer server = FakeControlServer.saying(path, "{\"success\":")) {
            assertThatThrownBy(() -> call(path)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aMissingSocketIsTold() {
        assertThatThrownBy(() -> call(path)).isInstanceOf(LinuxException.class);
    }

    @Test
    void aPathLongerThanAnAddressWorks() throws Exception {
        Path deep = directory;
        for (int i = 0; i < 5; i++) {
            deep = Files.createDirectories(deep.resolve("a-directory-with-a-rather-long-name"));
        }
        try (FakeControlServer server = FakeControlServer.saying(path, "{\"success\":true,\"result\":null}")) {
            Path link = Files.createLink(deep.resolve("control.sock"), path);
            assertThat(link.toString().length()).isGreaterThan(108);
            assertThat(call(link)).isInstanceOf(ControlReply.Success.class);
        }
    }

    /** Random bytes, and honest replies with random damage: always a value or an IOException, never anything else. */
    @Test
    void hostileBytesNeverBreakTheCaller() throws Exception {
        long seed = 20261122;
        Random random = new Random(seed);
        byte[] honest = "{\"success\":true,\"err\":\"\",\"result\":{\"event\":{\"data\":{\"pids\":{\"current\":3}}}}}"
                .getBytes(StandardCharsets.UTF_8);
        byte[][] next = new byte[1][];
        try (FakeControlServer server =
                new FakeControlServer(path, connection -> connection.write(ByteBuffer.wrap(next[0])))) {
            for (int i = 0; i < RANDOM_REPLIES; i++) {
                next[0] = i % 2 == 0 ? damaged(honest, random) : noise(random);
                try {
                    assertThat(call(path)).isNotNull();
                } catch (IOException refused) {
                    assertThat(refused).as("seed %d, reply %d", seed, i).hasMessageNotContaining("did not answer");
                }
            }
        }
    }

    private static byte[] damaged(byte[] honest, Random random) {
        byte[] bytes = honest.clone();
        for (int hits = random.nextInt(1, 5); hits > 0; hits--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(1, 200)];
        random.nextBytes(bytes);
        bytes[0] = '{';
        return bytes;
    }
}
