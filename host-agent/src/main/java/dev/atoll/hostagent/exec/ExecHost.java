package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputStore;
import dev.atoll.model.id.SandboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the execs of all sandboxes of a host share.
 *
 * @param timers runs nothing that blocks: it only hands over to {@code workers}
 * @param workers a virtual thread per task
 * @param witness hears how execs fare
 */
public record ExecHost(
        OutputStore outputs,
        ExecLimits limits,
        Clock clock,
        ScheduledExecutorService timers,
        Executor workers,
        ExecMetrics metrics,
        ExecWitness witness) {
    /** The time, to the microsecond: execs are told, recorded and kept with times no finer than that. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The process of an exec that was asked for at a time runs, or could not be executed. */
    void spawned(HostedExec exec, SandboxId sandbox, Instant asked) {
        metrics.spawned(Duration.between(asked, clock.instant()));
        witness.started(sandbox, exec.id(), exec.spec(), exec.startedAt());
    }
}
