package dev.atoll.model.exec;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one exec may use, within what its sandbox may use. How each is held is told in {@code docs/execs.md}.
 *
 * @param cpuTime CPU time of each of its processes; in whole seconds, rounded up
 * @param memoryBytes address space of each of its processes: an allocation beyond it fails
 * @param processes processes and threads at a time
 * @param outputBytes bytes of stdout and stderr together; one that writes more is killed
 */
public record ExecLimits(
        Optional<Duration> cpuTime, OptionalLong memoryBytes, OptionalInt processes, OptionalLong outputBytes) {
    public static final ExecLimits NONE =
            new ExecLimits(Optional.empty(), OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty());

    /** Below this hardly a program can be loaded. */
    public static final long MIN_MEMORY_BYTES = 1L << 20;

    public static final long MAX_BYTES = 1L << 50;
    public static final int MAX_PROCESSES = 1 << 20;

    public ExecLimits {
        cpuTime.ifPresent(time -> check(
                "cpu_time",
                time.isPositive() && time.compareTo(ExecSpec.MAX_TIMEOUT) <= 0,
                "More than nothing and at most 30d."));
        memoryBytes.ifPresent(bytes ->
                check("memory", bytes >= MIN_MEMORY_BYTES && bytes <= MAX_BYTES, "At least 1MiB and at most 1PiB."));
        processes.ifPresent(
                count -> check("processes", count >= 1 && count <= MAX_PROCESSES, "1 to " + MAX_PROCESSES + "."));
        outputBytes.ifPresent(
                bytes -> check("output_bytes", bytes >= 1 && bytes <= MAX_BYTES, "At least 1 and at most 1PiB."));
    }

    private static void check(String name, boolean fine, String hint) {
        if (!fine) {
            throw Problem.of(ProblemCode.INVALID_QUANTITY, "limits." + name + " is out of range.", hint)
                    .asException();
        }
    }

    public ExecLimits withCpuTime(Duration most) {
        return new ExecLimits(Optional.of(most), memoryBytes, processes, outputBytes);
    }

    public ExecLimits withMemoryBytes(long most) {
        return new ExecLimits(cpuTime, OptionalLong.of(most), processes, outputBytes);
    }

    public ExecLimits withProcesses(int most) {
        return new ExecLimits(cpuTime, memoryBytes, OptionalInt.of(most), outputBytes);
    }

    public ExecLimits withOutputBytes(long most) {
        return new ExecLimits(cpuTime, memoryBytes, processes, OptionalLong.of(most));
    }
}
