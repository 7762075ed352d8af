package dev.atoll.hostagent.exec;

import java.time.Duration;

/**
 * Bounds of the execs of one sandbox.
 *
 * @param running execs that have not ended; one more is {@code too_many_execs}
 * @param kept records kept; the oldest that has ended goes, with its output
 * @param keptSpecBytes arguments and environments kept in memory; beyond it the oldest ended records go
 * @param lingering ended execs whose streams some process they left behind still holds open; beyond it the oldest streams are let go
 * @param endedOutputBytes output kept on disk of ended execs; beyond it the output of the oldest goes
 * @param startPatience how long a start waits for the guest's answer
 */
public record ExecLimits(
        int running, int kept, long keptSpecBytes, int lingering, long endedOutputBytes, Duration startPatience) {
    public static final ExecLimits DEFAULT =
            new ExecLimits(256, 2_000, 8L << 20, 256, 1L << 30, Duration.ofSeconds(30));

    /** Running, lingering and just ended ones have to fit into what a guest can follow. */
    public ExecLimits {
        if (running < 1 || lingering < 0 || running + lingering > 768 || kept < running || keptSpecBytes < 1) {
            throw new IllegalArgumentException("limits of execs do not fit together");
        }
    }
}
