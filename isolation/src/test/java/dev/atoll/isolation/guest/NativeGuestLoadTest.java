package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real guest under load, and what survives the death of the host's side of the link. */
class NativeGuestLoadTest {
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    private static final String OWN_LIMIT = NativeGuest.DESCRIPTORS;

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private NativeGuest guest;

    /** The product's binary; the sanitized one in a subclass. */
    Path binary() throws Exception {
        return NativeGuest.binary();
    }

    @BeforeEach
    void start() throws Exception {
        guest = NativeGuest.start(directory, binary());
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    @Test
    void followsManyAtOnce() throws Exception {
        GuestLink link = guest.attach(listener);
        for (int exec = 1; exec <= 200; exec++) {
            link.spawn(
                    exec,
                    SpawnRequest.of(
                            PATH, "sh", "-c", "echo $0; head -c 20000 /dev/zero; exit " + exec % 256, "" + exec));
        }
        for (int exec = 1; exec <= 200; exec++) {
            RecordingListener.Heard heard = listener.awaitEnd(exec);
            assertThat(heard.exit().status()).isEqualTo(new ExitStatus.Exited(exec % 256));
            assertThat(heard.text(StdStream.STDOUT)).startsWith(exec + "\n").hasSize(20_001 + ("" + exec).length());
            link.acknowledgeExit(exec);
        }
    }

    @Test
    void holdsAsManyAsItSaysAndThenRefuses() throws Exception {
        GuestLink link = guest.attach(listener);
        int most = GuestProtocol.MAX_EXECS;
        for (int exec = 1; exec <= most; exec++) {
            link.spawn(exec, SpawnRequest.of(PATH, "cat").withStdin());
        }
        for (int exec = 1; exec <= most; exec++) {
            int number = exec;
            RecordingListener.await(() -> listener.of(number).starts() > 0, () -> "start of " + number);
        }
        assertThatThrownBy(() -> link.spawn(most + 1, SpawnRequest.of(PATH, "true")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.TOO_MANY_EXECS));
        for (int exec = 1; exec <= most; exec++) {
            link.closeInput(exec, 0);
        }
        for (int exec = 1; exec <= most; exec++) {
            assertThat(listener.awaitEnd(exec).exit().status()).isEqualTo(new ExitStatus.Exited(0));
            link.acknowledgeExit(exec);
        }
        link.spawn(most + 1, SpawnRequest.of(PATH, "sh", "-c", "ulimit -n"));
        String limit = listener.awaitEnd(most + 1).text(StdStream.STDOUT).strip();
        assertThat(limit).isEqualTo(OWN_LIMIT);
    }

    @Test
    void holdsAFloodBackUntilItIsAcknowledged() throws Exception {
        GuestLink link = guest.attach(listener);
        listener.acknowledgeThrough(null);
        Path progress = directory.resolve("progress");
        link.spawn(1, SpawnRequest.of(PATH, "sh", "-c", "head -c 5000000 /dev/zero; echo done >" + progress));
        int window = 512 * 1024;
        RecordingListener.await(() -> listener.of(1).length(StdStream.STDOUT) == window, () -> "a window of output");
        // Pressure on one leaves the others alone.
        link.spawn(2, SpawnRequest.of(PATH, "echo", "free"));
        assertThat(listener.awaitEnd(2).text(StdStream.STDOUT)).isEqualTo("free\n");
        assertThat(progress).doesNotExist();
        assertThat(listener.of(1).length(StdStream.STDOUT)).isEqualTo(window);
        listener.acknowledgeThrough(link);
        link.acknowledge(1, StdStream.STDOUT, window);
        assertThat(listener.awaitEnd(1).length(StdStream.STDOUT)).isEqualTo(5_000_000);
        assertThat(progress).exists();
    }

    @Test
    void goesOnAtTheByteWhereADeadHostStopped() throws Exception {
        byte[] expected = new byte[4_000_000];
        new Random(11).nextBytes(expected);
        Path file = Files.write(directory.resolve("data"), expected);
        GuestLink link = guest.attach(listener);
        link.spawn(1, SpawnRequest.of(PATH, "cat", file.toString()));
        Random random = new Random(5);
        while (listener.of(1).exit() == null || !listener.of(1).ended()) {
            int before = listener.of(1).length(StdStream.STDOUT);
            RecordingListener.await(
                    () -> listener.of(1).ended()
                            || listener.of(1).length(StdStream.STDOUT) > before + random.nextInt(300_000),
                    () -> "progress after " + before);
            link.close();
            RecordingListener.await(() -> listener.detachment() != null, () -> "the link has ended");
            listener.forgetDetachment();
            tearTheStream(random);
            link = guest.attach(listener);
        }
        assertThat(Arrays.equals(listener.of(1).bytes(StdStream.STDOUT), expected))
                .isTrue();
        link.acknowledgeExit(1);
        assertThat(link.attach(ResumePolicy.oldest(), Duration.ofSeconds(10)).execs())
                .isEmpty();
    }

    /** A host that died in the middle of a read, and in the middle of a message in parts. */
    private void tearTheStream(Random random) throws Exception {
        try (ChannelTransport dead = guest.openTransport()) {
            HostFrameCodec codec = new HostFrameCodec();
            ByteBuffer frame = ByteBuffer.allocateDirect(4096).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            codec.encode(new HostFrame.SpawnPart(99, 10_000, 0, ByteBuffer.allocate(4_000)), frame);
            dead.write(frame.flip());
            frame.clear();
            codec.encode(new HostFrame.Attach(new Nonce(random.nextLong(), 1), 1, 1), frame);
            dead.write(frame.flip());
            dead.read(ByteBuffer.allocateDirect(1 + random.nextInt(100)));
        }
    }

    @Test
    void tellsANewHostOfEverythingThatIsNotReleased() throws Exception {
        GuestLink first = guest.attach(listener);
        first.spawn(1, SpawnRequest.of(PATH, "sh", "-c", "echo a; exit 3"));
        first.spawn(2, SpawnRequest.of(PATH, "no-such-command"));
        first.spawn(3, SpawnRequest.of(PATH, "cat").withStdin());
        listener.awaitEnd(1);
        listener.awaitEnd(2);
        RecordingListener.await(() -> listener.of(3).inputLimit() > 0, () -> "credit");
        first.writeInput(3, 0, ByteBuffer.wrap(new byte[] {'x', 'y'}));
        RecordingListener.await(() -> listener.of(3).length(StdStream.STDOUT) == 2, () -> "echo");
        first.close();

        RecordingListener again = new RecordingListener();
        GuestLink second = guest.link(again);
        again.acknowledgeThrough(second);
        GuestHello hello = second.attach(ResumePolicy.oldest(), Duration.ofSeconds(10));
        assertThat(hello.execs())
                .extracting(GuestExec::exec, GuestExec::state)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(1, GuestExec.State.EXITED),
                        org.assertj.core.groups.Tuple.tuple(2, GuestExec.State.FAILED),
                        org.assertj.core.groups.Tuple.tuple(3, GuestExec.State.RUNNING));
        RecordingListener.await(() -> again.of(1).exit() != null, () -> "exit again");
        RecordingListener.await(() -> again.of(2).failure() != null, () -> "failure again");
        RecordingListener.await(() -> again.of(3).inputLimit() > 0, () -> "credit again");
        assertThat(hello.execs().stream().filter(exec -> exec.exec() == 3))
                .allSatisfy(exec -> assertThat(exec.inputAccepted()).isEqualTo(2));
        second.closeInput(3, 2);
        RecordingListener.await(() -> again.of(3).exit() != null, () -> "the end of cat");
    }

    @Test
    void endsEverythingWhenToldToShutDown() throws Exception {
        guest.close();
        guest = NativeGuest.startAsInit(directory, binary());
        GuestLink link = guest.attach(listener);
        link.spawn(1, SpawnRequest.of(PATH, "sleep", "1000"));
        link.spawn(
                2,
                SpawnRequest.of(
                        PATH, "sh", "-c", "trap '' TERM; setsid sleep 1000 & echo up; while :; do sleep 1; done"));
        RecordingListener.await(() -> listener.of(2).length(StdStream.STDOUT) > 0, () -> "the stubborn one is up");
        link.shutdown(Duration.ofMillis(200));
        assertThat(listener.awaitEnd(1).exit().status()).isEqualTo(new ExitStatus.Signaled(15, false));
        assertThat(listener.awaitEnd(2).exit().status()).isEqualTo(new ExitStatus.Signaled(9, false));
        RecordingListener.await(() -> listener.detachment() != null, () -> "goodbye");
        assertThat(listener.detachment()).isEqualTo(new Detachment.ShutDown());
        assertThat(guest.process().waitFor()).isZero();
    }

    @Test
    void reapsOrphansAsInit() throws Exception {
        guest.close();
        guest = NativeGuest.startAsInit(directory, binary());
        GuestLink link = guest.attach(listener);
        link.spawn(1, SpawnRequest.of(PATH, "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do (sleep 0.01 &) ; done; echo $$"));
        listener.awaitEnd(1);
        link.spawn(
                2,
                SpawnRequest.of(
                        PATH,
                        "sh",
                        "-c",
                        "until [ $(ls /proc | grep -c '^[0-9]') -le 5 ]; do :; done; grep -l 'State:.Z'"
                                + " /proc/[0-9]*/status; true"));
        assertThat(listener.awaitEnd(2).text(StdStream.STDOUT)).isEmpty();
    }
}
