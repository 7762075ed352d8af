package dev.atoll.cli.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is sent again over a new connection: what has not arrived, no more and no less. */
class PendingInputTest {
    private final PendingInput input = new PendingInput();

    private void send(String text) {
        input.sent(text.getBytes(StandardCharsets.UTF_8));
    }

    private String left() {
        return new String(input.left(), StandardCharsets.UTF_8);
    }

    @Test
    void whatWasTakenIsNotSentAgain() {
        input.acknowledged(100);
        send("abc");
        send("def");
        input.acknowledged(102);
        assertThat(left()).isEqualTo("cdef");
        input.acknowledged(101);
        assertThat(left()).isEqualTo("cdef");
        input.acknowledged(106);
        assertThat(left()).isEmpty();
    }

    @Test
    void whatWasTypedBeforeTheFirstConnectionWaitsForIt() {
        send("early");
        input.acknowledged(40);
        assertThat(left()).isEqualTo("early");
    }

    @Test
    void whatOthersTypeTakesNothingAwayFromWhatComesAfter() {
        input.acknowledged(0);
        input.acknowledged(50);
        send("mine");
        assertThat(left()).isEqualTo("mine");
    }
}
