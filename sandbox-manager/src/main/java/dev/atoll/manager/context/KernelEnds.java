package dev.atoll.manager.context;

import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunEndReason;
import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.exec.ExecEnd;
import java.util.List;
import java.util.Optional;

/** What the end of a kernel means for the run that it had. */
final class KernelEnds {
    private static final int SIGKILL = 9;

    private KernelEnds() {}

    static RunOutcome of(ContextRun run, RunOutcome sofar, ExecEnd end, boolean restarted) {
        if (restarted) {
            return sofar.endedBy(RunEndReason.RESTARTED, Optional.empty(), end.endedAt());
        }
        boolean killed = end.signal().isPresent() && end.signal().getAsInt() == SIGKILL;
        if (killed && RunFold.isLate(run, end.endedAt())) {
            return sofar.endedBy(RunEndReason.TIMEOUT, Optional.of(error(end)), end.endedAt());
        }
        return sofar.endedBy(RunEndReason.KERNEL_DIED, Optional.of(error(end)), end.endedAt());
    }

    private static RunError error(ExecEnd end) {
        return new RunError("KernelDied", text(end), List.of());
    }

    /** What became of a kernel, for people. */
    static String text(ExecEnd end) {
        return switch (end.reason()) {
            case EXITED -> "The kernel exited with code " + end.exitCode().orElse(0) + ".";
            case SIGNALED -> "The kernel was ended by signal " + end.signal().orElse(0) + ".";
            case TIMEOUT, CPU_LIMIT, OUTPUT_LIMIT -> "The kernel was killed at a limit.";
            case OOM -> "The sandbox ran out of memory.";
            case SANDBOX_STOPPED -> "The sandbox was stopped.";
            case HOST_LOST -> "The host was lost.";
        };
    }
}
