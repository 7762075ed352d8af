package dev.atoll.bench;

import java.util.Arrays;

/** Durations of one kind, in nanoseconds. Not for several threads. */
final class Samples {
    private long[] nanos = new long[64];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    int count() {
        return count;
    }

    /** The smallest sample that {@code percent} of all are not above (nearest rank); 0 is the least. Needs a sample. */
    long percentile(int percent) {
        if (count == 0 || percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percentile " + percent + " of " + count + " samples");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = Math.ceilDiv(percent * count, 100);
        return sorted[Math.max(rank, 1) - 1];
    }

    /** As {@link #percentile}, in milliseconds. */
    double millis(int percent) {
        return percentile(percent) / 1e6;
    }
}
