package dev.atoll.isolation.guest;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The end of an exec's first process. The exec has ended for its user when this has come and, for each stream, either all bytes below the
 * settled offset or the close of the stream: everything the process itself wrote lies below. A process it left behind may write more later.
 *
 * @param lasted from the arrival of the spawn in the guest until it had reaped the process, by the guest's clock, which a checkpoint moves;
 *     at most {@link #LONGEST}; zero when the guest did not say
 * @param stdoutSettled offset in stdout below which everything written before the exit lies
 * @param stderrSettled the same for stderr
 */
public record ExitReport(
        ExitStatus status, ResourceUsage usage, Duration lasted, long stdoutSettled, long stderrSettled) {
    /** What any longer time is told as: the frame has 31 bits for microseconds. */
    public static final Duration LONGEST = Duration.of(Integer.MAX_VALUE, ChronoUnit.MICROS);
}
