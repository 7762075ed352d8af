package dev.atoll.isolation.runtime;

/**
 * What a box uses now, as its sentry counts it.
 *
 * @param memoryBytes memory of the processes inside and of what they wrote
 * @param cpuNanos CPU time used since the box was created
 * @param pids processes and threads inside
 */
public record BoxUsage(long memoryBytes, long cpuNanos, int pids) {}
