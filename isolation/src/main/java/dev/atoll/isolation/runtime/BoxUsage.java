package dev.atoll.isolation.runtime;

/**
 * What a box uses now.
 *
 * @param memoryBytes memory of the processes inside and of what they wrote, as the sentry counts it
 * @param cpuNanos CPU time of the host that the box and its sentry have used since it was created
 * @param pids processes and threads inside
 * @param diskBytes what the writable layer takes of the host's disk now; less again when the box deletes
 */
public record BoxUsage(long memoryBytes, long cpuNanos, int pids, long diskBytes) {}
