package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The fake keeps the protocol's promises, so that tests built on it mean something. */
class FakeGuestTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeGuest guest = FakeGuest.standard();

    private GuestLink link(RecordingListener listener) throws Exception {
        GuestLink link = new GuestLink(guest.connect(), listener, RandomGenerator.of("L64X128MixRandom"));
        Thread.ofVirtual().start(link::run);
        link.attach(listener::resumePoint, PATIENCE);
        return link;
    }

    @Test
    void runsCommandsAndForgetsThemWhenReleased() throws Exception {
        RecordingListener listener = new RecordingListener();
        GuestLink link = link(listener);
        listener.acknowledgeThrough(link);
        link.spawn(1, SpawnRequest.of(Map.of(), "echo", "a", "b"));
        link.spawn(2, SpawnRequest.of(Map.of(), "no-such-command"));
        link.spawn(3, SpawnRequest.of(Map.of(), "exit", "9"));
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEqualTo("a b\n");
        assertThat(listener.awaitEnd(2).failure()).isEqualTo(new SpawnFailure(SpawnFailure.Stage.COMMAND_NOT_FOUND, 2));
        assertThat(listener.awaitEnd(3).exit().status()).isEqualTo(new ExitStatus.Exited(9));
        for (int exec = 1; exec <= 3; exec++) {
            link.acknowledgeExit(exec);
        }
        link.ping().get(10, TimeUnit.SECONDS);
        assertThat(guest.execs()).isZero();
    }

    @Test
    void feedsInputAndSignals() throws Exception {
        RecordingListener listener = new RecordingListener();
        GuestLink link = link(listener);
        listener.acknowledgeThrough(link);
        link.spawn(1, SpawnRequest.of(Map.of(), "cat").withStdin());
        RecordingListener.await(() -> listener.of(1).inputLimit() > 0, () -> "credit");
        link.writeInput(1, 0, ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
        link.writeInput(1, 3, ByteBuffer.wrap("lo!".getBytes(StandardCharsets.UTF_8)));
        link.closeInput(1, 6);
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEqualTo("hello!");
        link.spawn(2, SpawnRequest.of(Map.of(), "sleep"));
        RecordingListener.await(() -> listener.of(2).starts() > 0, () -> "start");
        assertThat(link.signal(2, 15, SignalScope.GROUP).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(listener.awaitEnd(2).exit().status()).isEqualTo(new ExitStatus.Signaled(15, false));
        assertThat(link.applyIdentity(new GuestIdentity(Optional.of("box"), Optional.empty(), Optional.empty()))
                        .get(10, TimeUnit.SECONDS)
                        .applied())
                .isTrue();
        assertThat(guest.hostname()).isEqualTo("box");
    }

    @Test
    void keepsWhatADeadHostDidNotAcknowledge() throws Exception {
        RecordingListener listener = new RecordingListener();
        GuestLink first = link(listener);
        first.spawn(1, SpawnRequest.of(Map.of(), "flood", "300000"));
        RecordingListener.await(
                () -> listener.of(1).length(StdStream.STDOUT) == FakeProcess.OUTPUT_WINDOW, () -> "a full window");
        GuestLink second = link(listener);
        listener.acknowledgeThrough(second);
        second.acknowledge(1, StdStream.STDOUT, FakeProcess.OUTPUT_WINDOW);
        byte[] bytes = listener.awaitEnd(1).bytes(StdStream.STDOUT);
        assertThat(bytes).hasSize(300_000);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(bytes[i]).isEqualTo((byte) (i % 251));
        }
    }
}
