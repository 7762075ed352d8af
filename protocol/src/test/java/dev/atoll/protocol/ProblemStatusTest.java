package dev.atoll.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemStatusTest {
    @ParameterizedTest
    @EnumSource(ProblemCode.class)
    void everyProblemArrivesAsItWasRaised(ProblemCode code) {
        Problem raised = new Problem(code, "Größe: 7 µs\nsecond line", "do this", "GET /v1/images");

        ProblemException arrived = ProblemStatus.toProblem(ProblemStatus.toStatus(raised.asException()));

        assertThat(arrived.problem()).isEqualTo(raised);
    }

    @Test
    void anythingElseArrivesWithoutItsText() {
        StatusRuntimeException status = ProblemStatus.toStatus(new IllegalStateException("secret at /var/lib/atoll"));

        assertThat(ProblemStatus.toProblem(status).problem().code()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(ProblemStatus.toProblem(status).problem().detail()).doesNotContain("secret");
    }

    @Test
    void aHostThatDoesNotAnswerIsNamedAsThat() {
        assertThat(ProblemStatus.toProblem(Status.UNAVAILABLE.asRuntimeException())
                        .problem()
                        .code())
                .isEqualTo(ProblemCode.HOST_UNAVAILABLE);
        assertThat(ProblemStatus.toProblem(Status.DEADLINE_EXCEEDED.asRuntimeException())
                        .problem()
                        .code())
                .isEqualTo(ProblemCode.DEADLINE_EXCEEDED);
    }
}
