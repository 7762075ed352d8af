package dev.atoll.bench.figure;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** Durations of one kind, in nanoseconds. Not for several threads. */
public final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[64];
    private int count;

    /** Samples that hold {@code durations} already. */
    public static Samples of(Iterable<Long> durations) {
        Samples samples = new Samples();
        durations.forEach(samples::add);
        return samples;
    }

    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    /** Gives each sample to {@code taker}, in the order in which they came. */
    public void forEach(LongConsumer taker) {
        for (int i = 0; i < count; i++) {
            taker.accept(nanos[i]);
        }
    }

    public int count() {
        return count;
    }

    /** The smallest sample that {@code percent} of all are not above (nearest rank); 0 is the least. Needs a sample. */
    public long percentile(int percent) {
        if (count == 0 || percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percentile " + percent + " of " + count + " samples");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = Math.ceilDiv(percent * count, 100);
        return sorted[Math.max(rank, 1) - 1];
    }

    /** As {@link #percentile}, in milliseconds. */
    public double millis(int percent) {
        return percentile(percent) / NANOS_PER_MILLI;
    }
}
