package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.RecordingListener;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Boxes that all come from one: two commands that write for ever, one that copies its input, and a host that is now slow, now gone. */
final class RandomForks {

    private static final int COUNTING = 1;
    private static final int BOTH_STREAMS = 2;
    private static final int COPYING = 3;
    private static final int CROWD = 4;
    private static final int SIGTERM = 15;

    private final Random random;
    private final List<GuestInBox> guests = new ArrayList<>();

    RandomForks(Random random, GuestInBox first) throws Exception {
        this.random = random;
        guests.add(first);
        first.spawn(COUNTING, withPauses("echo $i", 100));
        first.spawn(BOTH_STREAMS, withPauses("echo $i; echo $i >&2", 20));
        first.spawnWithStdin(COPYING, "cat");
        RecordingListener.await(() -> first.heard().of(COPYING).inputLimit() > 0, () -> "room for input");
    }

    /** Counts for ever; rests after every so many lines, without starting anything, so that many boxes fit on a small machine. */
    private static String withPauses(String line, int lines) {
        return "busybox mkfifo /tmp/$$; exec 9<>/tmp/$$; i=0; while :; do i=$((i+1)); " + line + "; [ $((i%" + lines
                + ")) != 0 ] || read -t 0.05 x <&9; done";
    }

    GuestInBox any() {
        return guests.get(random.nextInt(guests.size()));
    }

    void add(GuestInBox guest) {
        guests.add(guest);
    }

    /** Lets one of too many go, once its record is verified. */
    @Nullable
    GuestInBox removeOverCrowd() {
        if (guests.size() <= CROWD) {
            return null;
        }
        GuestInBox gone = guests.remove(random.nextInt(guests.size()));
        verify(gone);
        return gone;
    }

    /** Some of what hosts and programs do, in each box something else. */
    void disturb() throws Exception {
        for (GuestInBox guest : guests) {
            switch (random.nextInt(5)) {
                case 0 -> guest.acknowledge(false);
                case 1 -> {
                    guest.loseHost();
                    guest.comeBack();
                }
                case 2 -> guest.run("echo hello");
                case 3 -> {
                    guest.acknowledge(true);
                    // A host that had read it all has to say so itself.
                    guest.attach();
                    guest.awaitStdout(
                            BOTH_STREAMS,
                            guest.heard().of(BOTH_STREAMS).length(StdStream.STDOUT) + random.nextInt(1, 5_000));
                }
                default -> sendInput(guest, random.nextInt(1, 20_000));
            }
        }
    }

    /** Input whose every byte follows from its offset, so that any box may go on at any offset. */
    private static void sendInput(GuestInBox guest, int bytes) throws Exception {
        long from = guest.heard().of(COPYING).inputAccepted();
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = inputAt(from + i);
        }
        guest.link().writeInput(COPYING, from, ByteBuffer.wrap(content));
    }

    private static byte inputAt(long offset) {
        return (byte) (offset * 31 + offset / 251);
    }

    /** Ends the commands everywhere and compares all that was heard. */
    void verifyAll() throws Exception {
        int number = 0;
        for (GuestInBox guest : guests) {
            guest.acknowledge(true);
            guest.attach();
            assertThat(guest.run("echo box " + ++number)).isEqualTo("box " + number + "\n");
            guest.link().closeInput(COPYING, guest.heard().of(COPYING).inputAccepted());
            for (int exec : new int[] {COUNTING, BOTH_STREAMS}) {
                assertThat(guest.terminate(exec)).isEqualTo(new ExitStatus.Signaled(SIGTERM, false));
            }
            verify(guest);
        }
    }

    private static void verify(GuestInBox guest) {
        assertThat(guest.heard().detachment()).isNull();
        assertCounted(guest, COUNTING, StdStream.STDOUT);
        assertCounted(guest, BOTH_STREAMS, StdStream.STDOUT);
        assertCounted(guest, BOTH_STREAMS, StdStream.STDERR);
        byte[] copied = guest.heard().of(COPYING).bytes(StdStream.STDOUT);
        for (int i = 0; i < copied.length; i++) {
            assertThat(copied[i]).as("byte %s of the input", i).isEqualTo(inputAt(i));
        }
    }

    private static void assertCounted(GuestInBox guest, int exec, StdStream stream) {
        String text = new String(guest.heard().of(exec).bytes(stream), StandardCharsets.US_ASCII);
        StringBuilder expected = new StringBuilder(text.length() + 20);
        for (int i = 1; expected.length() < text.length(); i++) {
            expected.append(i).append('\n');
        }
        assertThat(expected.substring(0, text.length()).equals(text))
                .as("exec %s %s counts without gap or repetition", exec, stream)
                .isTrue();
    }
}
