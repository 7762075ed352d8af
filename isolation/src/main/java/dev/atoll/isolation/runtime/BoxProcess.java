package dev.atoll.isolation.runtime;

/**
 * The process on the host that is the box: its sentry. Pid and start time together name a process for the life of the
 * host; a pid alone may be another process later.
 *
 * @param pid process id on the host
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks since the host booted
 */
public record BoxProcess(long pid, long startTicks) {}
