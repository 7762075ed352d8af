package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.ResourceUsage;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts an end into the platform's words. */
final class ExecEnds {
    private static final int SIGKILL = 9;

    private ExecEnds() {}

    /**
     * A process that ended. One that returned a code has exited, whatever was about to happen to it.
     *
     * @param killed the reason when a signal ended it
     */
    static ExecEnd of(ExitReport report, ExecEndReason killed, Instant at) {
        ResourceUsage usage = report.usage();
        long cpuMillis = usage.userTime().plus(usage.systemTime()).toMillis();
        return switch (report.status()) {
            case ExitStatus.Exited(int code) ->
                new ExecEnd(
                        ExecEndReason.EXITED,
                        OptionalInt.of(code),
                        OptionalInt.empty(),
                        Optional.empty(),
                        at,
                        cpuMillis,
                        usage.maxResidentBytes());
            case ExitStatus.Signaled(int signal, boolean _) ->
                new ExecEnd(
                        signal == SIGKILL || killed != ExecEndReason.TIMEOUT ? killed : ExecEndReason.SIGNALED,
                        OptionalInt.empty(),
                        OptionalInt.of(signal),
                        Optional.empty(),
                        at,
                        cpuMillis,
                        usage.maxResidentBytes());
        };
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
