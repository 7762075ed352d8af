package dev.atoll.manager.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class CountedCallsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountedCalls calls = new CountedCalls(meters, "atoll.things.made", "Things");

    private double count(String outcome) {
        return meters.get("atoll.things.made").tag("outcome", outcome).counter().count();
    }

    @Test
    void countsWhatCallsCameTo() {
        assertThat(count("ok")).isZero();
        assertThat(calls.count(() -> 7)).isEqualTo(7);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> calls.count(() -> {
                        throw Problem.of(ProblemCode.TOO_MANY_SESSIONS, "Many.").asException();
                    }))
                    .isInstanceOf(ProblemException.class);
        }
        assertThat(count("ok")).isEqualTo(1);
        assertThat(count("too_many_sessions")).isEqualTo(2);
    }
}
