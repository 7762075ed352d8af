package dev.atoll.hostagent.usage;

import dev.atoll.model.host.UsageSeries.UsageSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The last samples of one sandbox, in memory: 36 bytes each, as many as there were, up to a limit. Thread-safe. */
public final class UsageRing {
    private static final int FIRST_CAPACITY = 32;
    private static final long NANOS_PER_MICRO = 1_000;

    private final int most;
    private long[] micros = new long[FIRST_CAPACITY];
    private long[] cpuNanos = new long[FIRST_CAPACITY];
    private long[] memoryBytes = new long[FIRST_CAPACITY];
    private long[] diskBytes = new long[FIRST_CAPACITY];
    private int[] execs = new int[FIRST_CAPACITY];
    private int first;
    private int count;

    /** {@code most} samples are kept, at least one. */
    public UsageRing(int most) {
        this.most = Math.max(1, most);
    }

    /** Adds a sample, which is younger than all before. */
    public synchronized void add(Instant at, long cpu, long memory, long disk, int running) {
        if (count == micros.length && count < most) {
            grow(Math.min(most, 2 * count));
        }
        if (count == micros.length) {
            first = (first + 1) % micros.length;
            count--;
        }
        int place = (first + count) % micros.length;
        micros[place] = at.getEpochSecond() * 1_000_000 + at.getNano() / NANOS_PER_MICRO;
        cpuNanos[place] = cpu;
        memoryBytes[place] = memory;
        diskBytes[place] = disk;
        execs[place] = running;
        count++;
    }

    /** The samples since a time, the last of each {@code step}, with the most memory and execs of it. */
    public synchronized List<UsageSample> since(Instant since, Duration step) {
        long from = since.getEpochSecond() * 1_000_000 + since.getNano() / NANOS_PER_MICRO;
        long width = Math.max(1, step.toNanos() / NANOS_PER_MICRO);
        List<UsageSample> samples = new ArrayList<>();
        int before = -1;
        long memory = 0;
        int running = 0;
        for (int i = 0; i < count; i++) {
            int place = (first + i) % micros.length;
            if (micros[place] < from) {
                before = place;
                continue;
            }
            memory = Math.max(memory, memoryBytes[place]);
            running = Math.max(running, execs[place]);
            int next = (place + 1) % micros.length;
            boolean lastOfStep = i == count - 1 || micros[next] / width != micros[place] / width;
            if (lastOfStep) {
                samples.add(sample(place, before, memory, running));
                before = place;
                memory = 0;
                running = 0;
            }
        }
        return samples;
    }

    private UsageSample sample(int place, int before, long memory, int running) {
        double cores = before < 0 || micros[place] <= micros[before]
                ? 0
                : (cpuNanos[place] - cpuNanos[before]) / (double) NANOS_PER_MICRO / (micros[place] - micros[before]);
        return new UsageSample(
                Instant.ofEpochSecond(micros[place] / 1_000_000, micros[place] % 1_000_000 * NANOS_PER_MICRO),
                cpuNanos[place],
                Math.max(0, cores),
                memory,
                diskBytes[place],
                running);
    }

    private void grow(int capacity) {
        // Full and never wrapped before: the first is at 0.
        micros = Arrays.copyOf(micros, capacity);
        cpuNanos = Arrays.copyOf(cpuNanos, capacity);
        memoryBytes = Arrays.copyOf(memoryBytes, capacity);
        diskBytes = Arrays.copyOf(diskBytes, capacity);
        execs = Arrays.copyOf(execs, capacity);
    }
}
