package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes into processes of the real guest. */
class NativeGuestInputTest {
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private NativeGuest guest;
    private GuestLink link;

    /** The product's binary; the sanitized one in a subclass. */
    Path binary() throws Exception {
        return NativeGuest.binary();
    }

    @BeforeEach
    void start() throws Exception {
        guest = NativeGuest.start(directory, binary());
        link = guest.attach(listener);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private void spawnWithInput(int exec, String... argv) throws Exception {
        link.spawn(exec, SpawnRequest.of(PATH, argv).withStdin());
        RecordingListener.await(() -> listener.of(exec).inputLimit() > 0, () -> "credit for exec " + exec);
    }

    private void sendAll(int exec, byte[] bytes) throws Exception {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            if (link.writeInput(exec, rest.position(), rest) == 0) {
                long at = rest.position();
                RecordingListener.await(() -> listener.of(exec).inputLimit() > at, () -> "more credit at " + at);
            }
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void carriesEveryByteThrough() throws Exception {
        byte[] sent = random(3_000_000);
        spawnWithInput(1, "cat");
        sendAll(1, sent);
        link.closeInput(1, sent.length);
        assertThat(listener.awaitEnd(1).bytes(StdStream.STDOUT)).isEqualTo(sent);
        assertThat(listener.of(1).inputClosed()).isTrue();
    }

    @Test
    void dropsRepeatsAndRefusesGaps() throws Exception {
        spawnWithInput(1, "cat");
        assertThat(link.writeInput(1, 0, bytes("abcdef"))).isEqualTo(6);
        assertThat(link.writeInput(1, 0, bytes("abcdef"))).isEqualTo(6);
        assertThat(link.writeInput(1, 4, bytes("efgh"))).isEqualTo(4);
        assertThat(link.writeInput(1, 100, bytes("lost"))).isEqualTo(4);
        link.closeInput(1, 8);
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEqualTo("abcdefgh");
        assertThat(listener.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.code()).isEqualTo(GuestError.Code.INPUT_OFFSET));
    }

    @Test
    void aProcessThatNeverReadsHoldsUpNobody() throws Exception {
        spawnWithInput(1, "sleep", "1000");
        byte[] much = random(1 << 20);
        ByteBuffer rest = ByteBuffer.wrap(much);
        // The pipe takes about 64 KiB, the guest its window of 64 KiB; then there is no credit.
        RecordingListener.await(
                () -> {
                    try {
                        link.writeInput(1, rest.position(), rest);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    return rest.position() >= 120 * 1024;
                },
                () -> "pipe and window are full");
        assertThat(rest.position()).isLessThan(much.length);
        link.spawn(2, SpawnRequest.of(PATH, "echo", "alive"));
        assertThat(listener.awaitEnd(2).text(StdStream.STDOUT)).isEqualTo("alive\n");
        assertThat(link.signal(1, 9, SignalScope.GROUP).get(10, TimeUnit.SECONDS))
                .isZero();
        listener.awaitEnd(1);
    }

    @Test
    void saysWhenTheProcessClosesItsInput() throws Exception {
        spawnWithInput(1, "sh", "-c", "exec <&-; echo closed; sleep 1000");
        RecordingListener.await(() -> listener.of(1).length(StdStream.STDOUT) > 0, () -> "closed");
        link.writeInput(1, 0, bytes("nobody reads this"));
        RecordingListener.await(() -> listener.of(1).inputClosed(), () -> "told that stdin is closed");
        link.signal(1, 9, SignalScope.GROUP).get(10, TimeUnit.SECONDS);
        listener.awaitEnd(1);
    }

    @Test
    void closesAtOnceWhenThereIsNothingToSend() throws Exception {
        spawnWithInput(1, "cat");
        link.closeInput(1, 0);
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEmpty();
    }

    @Test
    void withoutStdinReadsEndOfFile() throws Exception {
        link.spawn(1, SpawnRequest.of(PATH, "cat"));
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEmpty();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
