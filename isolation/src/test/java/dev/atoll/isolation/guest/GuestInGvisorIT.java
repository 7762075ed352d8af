package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The guest where it is meant to live: PID 1 of a gVisor sandbox. Needs root and runsc. */
class GuestInGvisorIT {
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path directory;

    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void clear() throws Exception {
        GvisorGuest.clear(directory);
    }

    private static void spawnShell(GuestLink link, int exec, String script) throws Exception {
        link.spawn(exec, SpawnRequest.of(PATH, "sh", "-c", script));
    }

    @Test
    void runsCommandsTakesAnIdentityAndEnds() throws Exception {
        try (GvisorGuest guest = GvisorGuest.run(directory, "one")) {
            GuestLink link = guest.attach(listener);
            GuestIdentity identity = new GuestIdentity(
                    Optional.of("claimed"), Optional.of("0123456789abcdef0123456789abcdef"), Optional.empty());
            assertThat(link.applyIdentity(identity).get(10, TimeUnit.SECONDS))
                    .isEqualTo(new GuestIdentity.Outcome(Optional.empty(), 0));
            spawnShell(link, 1, "hostname; cat /etc/machine-id; cat /proc/1/cmdline | tr '\\0' ' '; exit 3");
            assertThat(listener.awaitEnd(1).text(StdStream.STDOUT))
                    .isEqualTo("claimed\n0123456789abcdef0123456789abcdef\n/.atoll/init --keep-capabilities=eb ");
            assertThat(listener.of(1).exit().status()).isEqualTo(new ExitStatus.Exited(3));

            spawnShell(link, 2, "dmesg; grep -E 'CapBnd|CapEff' /proc/self/status");
            assertThat(listener.awaitEnd(2).text(StdStream.STDOUT))
                    .contains("Starting gVisor")
                    // Everything PID 1 keeps for itself is out of reach: only --keep-capabilities is left.
                    .contains("CapEff:\t00000000000000eb")
                    .contains("CapBnd:\t00000000000000eb");

            link.spawn(3, SpawnRequest.of(PATH, "cat").withStdin().as("nobody"));
            RecordingListener.await(() -> listener.of(3).inputLimit() > 0, () -> "credit");
            link.writeInput(3, 0, ByteBuffer.wrap("through\n".getBytes(StandardCharsets.UTF_8)));
            link.closeInput(3, 8);
            assertThat(listener.awaitEnd(3).text(StdStream.STDOUT)).isEqualTo("through\n");

            spawnShell(link, 4, "trap '' TERM; (setsid sleep 1000 &); echo up; sleep 1000");
            RecordingListener.await(() -> listener.of(4).length(StdStream.STDOUT) > 0, () -> "up");
            link.shutdown(Duration.ofMillis(100));
            RecordingListener.await(() -> listener.detachment() != null, () -> "goodbye");
            assertThat(listener.detachment()).isEqualTo(new Detachment.ShutDown());
            assertThat(guest.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(guest.process().exitValue()).isZero();
        }
    }

    @Test
    void seesWhatBecomesOfTheUserFiles() throws Exception {
        try (GvisorGuest guest = GvisorGuest.run(directory, "users")) {
            GuestLink link = guest.attach(listener);
            SpawnRequest who = SpawnRequest.of(PATH, "sh", "-c", "id -u; id -g; id -G; echo $HOME");
            for (int exec = 1; exec <= 2; exec++) {
                link.spawn(exec, who.as("4242"));
                assertThat(listener.awaitEnd(exec).text(StdStream.STDOUT)).isEqualTo("4242\n0\n0\n/\n");
            }
            spawnShell(link, 3, "echo 'new:x:4242:7:::/bin/sh' >> /etc/passwd; echo 'more:x:8:new' >> /etc/group");
            listener.awaitEnd(3);
            link.spawn(4, who.as("4242"));
            assertThat(listener.awaitEnd(4).text(StdStream.STDOUT)).isEqualTo("4242\n7\n7 8\n/\n");
            link.spawn(5, who.as("new"));
            assertThat(listener.awaitEnd(5).text(StdStream.STDOUT)).isEqualTo("4242\n7\n7 8\n/\n");
        }
    }

    @Test
    void losesNothingWhenTheHostDies() throws Exception {
        try (GvisorGuest guest = GvisorGuest.run(directory, "two")) {
            GuestLink link = guest.attach(listener);
            spawnShell(link, 1, "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); echo line $i; done");
            for (int round = 1; round <= 3; round++) {
                int mark = round * 60_000;
                RecordingListener.await(
                        () -> listener.of(1).length(StdStream.STDOUT) > mark, () -> "output past " + mark);
                link.close();
                RecordingListener.await(() -> listener.detachment() != null, () -> "the link has ended");
                listener.forgetDetachment();
                link = guest.attach(listener);
            }
            assertCounted(listener.awaitEnd(1).text(StdStream.STDOUT), 30_000);
        }
    }

    private static void assertCounted(String text, int lines) {
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= lines; i++) {
            expected.append("line ").append(i).append('\n');
        }
        assertThat(text.contentEquals(expected)).as("every line once, in order").isTrue();
    }
}
