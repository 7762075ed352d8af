package dev.atoll.model.host;

/**
 * What a host can carry in sandboxes.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryBytes memory that sandboxes may be promised, after what the host needs for itself
 * @param overheadBytes memory that each sandbox takes beyond its own: its kernel, and the server of its files
 */
public record HostCapacity(long cpuMillis, long memoryBytes, long overheadBytes) {}
