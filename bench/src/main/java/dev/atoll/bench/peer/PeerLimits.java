package dev.atoll.bench.peer;

/**
 * What a sandbox of any side may use.
 *
 * @param cores CPU time per second of time
 * @param memoryBytes memory of all its processes on the host
 * @param pids processes and threads on the host
 */
public record PeerLimits(int cores, long memoryBytes, int pids) {
    /** The tasks that the platform grants the host's side of a sandbox that asks for nothing: 512 and four for each of 1,024 inside. */
    public static final int DEFAULT_PIDS = 4_608;
}
