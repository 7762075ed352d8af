package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputStore;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the execs of all sandboxes of a host share.
 *
 * @param timers runs nothing that blocks: it only hands over to {@code workers}
 * @param workers a virtual thread per task
 */
public record ExecHost(
        OutputStore outputs,
        ExecLimits limits,
        Clock clock,
        ScheduledExecutorService timers,
        Executor workers,
        ExecMetrics metrics) {}
