package dev.atoll.hostagent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.ResourceUsage;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecEndsTest {
    private static final int NOT_SIGNALED = 0;

    @ParameterizedTest
    @CsvSource({
        // signal, seconds of CPU, limit, killed for, reason
        "0, 0, 0, SIGNALED, EXITED",
        "0, 0, 0, TIMEOUT, EXITED",
        "0, 0, 0, OUTPUT_LIMIT, OUTPUT_LIMIT",
        "11, 0, 0, SIGNALED, SIGNALED",
        "11, 0, 0, TIMEOUT, SIGNALED",
        "9, 0, 0, TIMEOUT, TIMEOUT",
        "9, 9, 2, TIMEOUT, TIMEOUT",
        "9, 0, 0, OUTPUT_LIMIT, OUTPUT_LIMIT",
        "24, 0, 0, SIGNALED, SIGNALED",
        "24, 2, 2, SIGNALED, CPU_LIMIT",
        "9, 3, 2, SIGNALED, CPU_LIMIT",
        "9, 1, 2, SIGNALED, SIGNALED",
        "15, 3, 2, SIGNALED, SIGNALED",
        "15, 0, 0, SANDBOX_STOPPED, SANDBOX_STOPPED"
    })
    void saysWhy(int signal, int seconds, int limit, ExecEndReason killed, ExecEndReason reason) {
        ExecSpec spec = limit == 0
                ? ExecSpec.of("true")
                : ExecSpec.of("true")
                        .withLimits(dev.atoll.model.exec.ExecLimits.NONE.withCpuTime(Duration.ofSeconds(limit)));
        ResourceUsage usage = new ResourceUsage(Duration.ofSeconds(seconds), Duration.ZERO, 7, 0, 0, 0, 0);
        ExitStatus status = signal == NOT_SIGNALED ? new ExitStatus.Exited(3) : new ExitStatus.Signaled(signal, false);
        ExitReport report = new ExitReport(status, usage, Duration.ZERO, 0, 0);
        assertThat(ExecEnds.of(report, spec, killed, Instant.EPOCH).reason()).isEqualTo(reason);
    }
}
