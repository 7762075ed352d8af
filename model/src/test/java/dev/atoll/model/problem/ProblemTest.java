package dev.atoll.model.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ProblemTest {
    @Test
    void findsEveryCodeByItsWireForm() {
        for (ProblemCode code : ProblemCode.values()) {
            assertThat(code.code()).matches("[a-z]+(_[a-z]+)*");
            assertThat(ProblemCode.of(code.code())).contains(code);
            assertThat(code.title()).matches("[A-Z].*[^.]");
        }
        assertThat(ProblemCode.of("INTERNAL")).isEmpty();
        assertThat(Arrays.stream(ProblemCode.values()).map(ProblemCode::title)).doesNotHaveDuplicates();
    }

    @Test
    void cutsTextsOfTenants() {
        String huge = "x".repeat(1_000_000);
        Problem problem = new Problem(ProblemCode.INTERNAL, huge, huge, huge);
        assertThat(problem.detail()).hasSize(Problem.MAX_TEXT).endsWith("…");
        assertThat(problem.hint()).hasSize(Problem.MAX_ADVICE);
        assertThat(problem.next()).hasSize(Problem.MAX_ADVICE);
    }

    @Test
    void travelsInItsException() {
        Problem problem = Problem.of(ProblemCode.CAPACITY, "full", "wait").withNext("GET /v1/sandboxes");
        assertThat(problem.asException().problem()).isEqualTo(problem);
        assertThat(problem.asException()).hasMessage("capacity: full");
    }
}
