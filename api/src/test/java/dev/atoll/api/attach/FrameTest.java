package dev.atoll.api.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What clients send, byte by byte, and what nobody should. */
class FrameTest {
    private static Frame read(int channel, long offset, byte... bytes) {
        return Frame.read(Frame.of(channel, offset, bytes));
    }

    @Test
    void readsEveryKind() {
        byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
        assertThat(read(Frame.STDIN, 7, text)).isInstanceOfSatisfying(Frame.Input.class, input -> {
            assertThat(input.offset()).isEqualTo(OptionalLong.of(7));
            assertThat(input.bytes()).isEqualTo(text);
            assertThat(input.close()).isFalse();
        });
        assertThat(read(Frame.CLOSE_STDIN, Frame.APPEND)).isInstanceOfSatisfying(Frame.Input.class, input -> {
            assertThat(input.offset()).isEmpty();
            assertThat(input.close()).isTrue();
        });
        assertThat(read(Frame.RESIZE, 0, (byte) 0, (byte) 24, (byte) 1, (byte) 0))
                .isEqualTo(new Frame.Resize(new TerminalSize(24, 256)));
        assertThat(read(Frame.SIGNAL, 0, "SIGINT".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(new Frame.Signal(2, SignalTarget.GROUP));
        assertThat(read(Frame.SIGNAL, 0, "SIGKILL tree".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(new Frame.Signal(9, SignalTarget.TREE));
    }

    @Test
    void anythingElseIsAProblemAndNeverAnythingWorse() {
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) random.nextInt(9);
            }
            try {
                assertThat(Frame.read(ByteBuffer.wrap(bytes))).isNotNull();
                read++;
            } catch (ProblemException expected) {
                assertThat(expected.problem().detail()).isNotEmpty();
            }
        }
        assertThat(read).isPositive();
        assertThatThrownBy(() -> read(Frame.STDIN, Long.MAX_VALUE, (byte) 1)).isInstanceOf(ProblemException.class);
    }
}
