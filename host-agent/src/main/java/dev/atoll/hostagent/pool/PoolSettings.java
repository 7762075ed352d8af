package dev.atoll.hostagent.pool;

import dev.atoll.model.image.ImageName;
import dev.atoll.model.sandbox.SandboxSize;
import java.time.Duration;
import java.util.List;

/**
 * How many boxes are kept ready, and what making them may cost.
 *
 * @param most boxes kept in all, those that have only booted included; 0 keeps none
 * @param mostPerTemplate running ones kept of one image and size
 * @param booted boxes kept of each image and size in use that have booted and not started
 * @param idleAfter a template that nobody has asked for in so long is kept no longer
 * @param quiet pause after a box was taken before others are made: whoever took it is about to use the processors
 * @param atOnce boxes made at the same time
 * @param cpuPercent share of the host's cores that making them may use, over some seconds
 * @param memoryFloorBytes memory that has to be available on the host for another to be made; below half of it they are given up
 * @param pinned what is kept ready whether anyone has asked for it or not
 */
public record PoolSettings(
        int most,
        int mostPerTemplate,
        int booted,
        Duration idleAfter,
        Duration quiet,
        int atOnce,
        int cpuPercent,
        long memoryFloorBytes,
        List<Pinned> pinned) {
    /** What one that waits takes of the host's memory, about: its sentry and its gofer. Measured by {@code ./atoll bench density}. */
    public static final long BYTES_PER_BOX = 96L << 20;

    private static final int MOST_BY_DEFAULT = 64;
    private static final int MEMORY_FRACTION = 10;
    private static final long FLOOR_FRACTION = 16;

    /** An image and size of which {@code least} are kept ready as soon as the image is there. */
    public record Pinned(ImageName image, SandboxSize size, int least) {}

    public PoolSettings {
        pinned = List.copyOf(pinned);
        if (most < 0 || mostPerTemplate < 1 || booted < 0 || atOnce < 1 || cpuPercent < 1 || memoryFloorBytes < 0) {
            throw new IllegalArgumentException("a setting of the pool is out of range");
        }
    }

    /** A tenth of the host's memory, half of its cores, and nothing pinned. */
    public static PoolSettings of(long hostMemoryBytes, int cores) {
        int most = (int) Math.clamp(hostMemoryBytes / MEMORY_FRACTION / BYTES_PER_BOX, 2, MOST_BY_DEFAULT);
        return new PoolSettings(
                most,
                Math.max(1, most * 3 / 4),
                1,
                Duration.ofMinutes(10),
                Duration.ofMillis(20),
                Math.max(1, cores / 2),
                50,
                hostMemoryBytes / FLOOR_FRACTION,
                List.of());
    }

    /** Nothing is kept. */
    public static PoolSettings off() {
        return new PoolSettings(0, 1, 0, Duration.ofMinutes(10), Duration.ZERO, 1, 50, 0, List.of());
    }

    /** What they take of the host's memory when there are as many as there may be, about. */
    public long bytes() {
        return most * BYTES_PER_BOX;
    }

    public PoolSettings withMost(int other) {
        return new PoolSettings(
                other,
                Math.max(1, Math.min(mostPerTemplate, other)),
                booted,
                idleAfter,
                quiet,
                atOnce,
                cpuPercent,
                memoryFloorBytes,
                pinned);
    }

    public PoolSettings withPinned(List<Pinned> others) {
        return new PoolSettings(
                most, mostPerTemplate, booted, idleAfter, quiet, atOnce, cpuPercent, memoryFloorBytes, others);
    }

    public PoolSettings withCpuPercent(int other) {
        return new PoolSettings(
                most, mostPerTemplate, booted, idleAfter, quiet, atOnce, other, memoryFloorBytes, pinned);
    }
}
