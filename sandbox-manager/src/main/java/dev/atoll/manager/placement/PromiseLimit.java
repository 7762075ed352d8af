package dev.atoll.manager.placement;

/**
 * What may be promised on a host at most so that one more sandbox still fits: the answer of {@link Placement#choose} for one host, turned
 * around so that it can be asked of a database before the sums are known.
 *
 * @param cpuMillis thousandths of a core that live sandboxes may have been promised together
 * @param memoryBytes memory that they may have been promised together, with {@code overheadBytes} more for each; negative when the sandbox
 *     does not even fit the empty host
 * @param overheadBytes what each of them takes beyond its own
 */
public record PromiseLimit(long cpuMillis, long memoryBytes, long overheadBytes) {
    /** Whether the sandbox fits beside what is reserved. */
    boolean holds(Reservation reserved) {
        return reserved.cpuMillis() <= cpuMillis
                && reserved.memoryBytes() + reserved.sandboxes() * overheadBytes <= memoryBytes;
    }
}
