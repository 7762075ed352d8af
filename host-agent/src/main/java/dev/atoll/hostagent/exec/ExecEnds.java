package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.ResourceUsage;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts an end into the platform's words. */
final class ExecEnds {
    private static final int SIGKILL = 9;
    private static final int SIGXCPU = 24;

    private ExecEnds() {}

    /**
     * A process that ended. One that returned a code has exited, whatever was about to happen to it, unless it had written too much.
     *
     * @param killed the reason when a signal ended it
     */
    static ExecEnd of(ExitReport report, ExecSpec spec, ExecEndReason killed, Instant at) {
        ResourceUsage usage = report.usage();
        Duration cpu = usage.userTime().plus(usage.systemTime());
        OptionalInt code = OptionalInt.empty();
        OptionalInt signal = OptionalInt.empty();
        ExecEndReason reason;
        switch (report.status()) {
            case ExitStatus.Exited(int returned) -> {
                code = OptionalInt.of(returned);
                reason = killed == ExecEndReason.OUTPUT_LIMIT ? killed : ExecEndReason.EXITED;
            }
            case ExitStatus.Signaled(int number, boolean _) -> {
                signal = OptionalInt.of(number);
                reason = reasonOf(number, cpu, spec, killed);
            }
        }
        return new ExecEnd(reason, code, signal, Optional.empty(), at, cpu.toMillis(), usage.maxResidentBytes());
    }

    private static ExecEndReason reasonOf(int signal, Duration cpu, ExecSpec spec, ExecEndReason killed) {
        boolean ours = killed == ExecEndReason.TIMEOUT || killed == ExecEndReason.OUTPUT_LIMIT;
        if (ours) {
            return signal == SIGKILL ? killed : ExecEndReason.SIGNALED;
        }
        // The first comes at the limit; who ignores it gets the other a second of CPU time later.
        boolean outOfTime = spec.limits()
                .cpuTime()
                .filter(limit -> signal == SIGXCPU || (signal == SIGKILL && cpu.compareTo(limit) >= 0))
                .isPresent();
        return outOfTime ? ExecEndReason.CPU_LIMIT : killed;
    }

    /** A command that could not be executed. */
    static ExecEnd of(SpawnVerdict.EndedAtOnce verdict, Instant at) {
        return new ExecEnd(
                ExecEndReason.EXITED,
                OptionalInt.of(verdict.exitCode()),
                OptionalInt.empty(),
                Optional.of(verdict.error()),
                at,
                0,
                0);
    }

    /** A process that went with its sandbox or its host. */
    static ExecEnd of(ExecEndReason reason, Instant at) {
        return new ExecEnd(reason, OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), at, 0, 0);
    }
}
