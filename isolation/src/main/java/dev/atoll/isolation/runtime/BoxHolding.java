package dev.atoll.isolation.runtime;

/**
 * What the host's kernel counts for a box; read without asking the box.
 *
 * @param cpuNanos CPU time that the box and its sentry have used since it was created
 * @param memoryBytes that they hold now, cached files included
 */
public record BoxHolding(long cpuNanos, long memoryBytes) {}
