package dev.atoll.hostagent.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CanceledThreadTest {
    private final Context.CancellableContext call = Context.current().withCancellation();

    @AfterEach
    void end() {
        call.cancel(null);
        assertThat(Thread.interrupted()).as("left over").isFalse();
    }

    @Test
    void aCallThatIsCanceledInterruptsItsThreadAndNothingAfterIt() {
        try (CanceledThread _ = CanceledThread.with(call)) {
            call.cancel(null);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aCallThatIsOverInterruptsNobody() {
        CanceledThread.with(call).close();
        call.cancel(null);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aCallThatWasCanceledBeforeItBeganIsNotCarriedOut() {
        call.cancel(null);
        try (CanceledThread _ = CanceledThread.with(call)) {
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
    }

    @Test
    void anInterruptFromElsewhereStays() {
        try (CanceledThread _ = CanceledThread.with(call)) {
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
    }
}
