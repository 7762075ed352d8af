package dev.atoll.isolation.guest;

/**
 * The end of an exec's first process. The exec has ended for its user when this has come and, for each stream, either all bytes below the
 * settled offset or the close of the stream: everything the process itself wrote lies below. A process it left behind may write more later.
 *
 * @param stdoutSettled offset in stdout below which everything written before the exit lies
 * @param stderrSettled the same for stderr
 */
public record ExitReport(ExitStatus status, ResourceUsage usage, long stdoutSettled, long stderrSettled) {}
