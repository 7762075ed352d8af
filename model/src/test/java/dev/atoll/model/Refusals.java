package dev.atoll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Says that something is refused with a code and a hint. */
public final class Refusals {
    private Refusals() {}

    public static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(code);
            assertThat(e.problem().detail()).isNotEmpty();
            assertThat(e.problem().hint()).isNotEmpty();
        });
    }
}
