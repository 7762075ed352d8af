package dev.atoll.isolation.runtime;

/**
 * What one box may use of its host.
 *
 * @param memoryBytes what the box sees as its memory (MemTotal); at least {@link #MIN_MEMORY_BYTES}
 * @param memoryHeadroomBytes what the sentry may use on top; the host enforces the sum, see {@link #headroomFor}
 * @param cpuMillis CPU time per wall-clock second in thousandths of a core, enforced as a quota
 * @param pids processes and threads the box may have; the host adds room for the threads of the sentry
 * @param openFiles RLIMIT_NOFILE of PID 1 and what it starts
 */
public record BoxLimits(long memoryBytes, long memoryHeadroomBytes, int cpuMillis, int pids, int openFiles) {

    /** A box boots within what it may use later, and a boot takes up to 25 MiB. */
    public static final long MIN_MEMORY_BYTES = 64L << 20;

    public static final long MAX_MEMORY_BYTES = 16L << 40;
    public static final int MIN_CPU_MILLIS = 10;
    public static final int MAX_CPU_MILLIS = 1_024_000;
    public static final int MIN_PIDS = 4;
    public static final int MAX_PIDS = 65_536;
    public static final int DEFAULT_PIDS = 1_024;
    public static final int MIN_OPEN_FILES = 32;
    public static final int MAX_OPEN_FILES = 1 << 20;
    public static final int DEFAULT_OPEN_FILES = 65_536;

    private static final long BASE_HEADROOM_BYTES = 128L << 20;
    private static final int HEADROOM_FRACTION = 8;

    public BoxLimits {
        requireRange("memoryBytes", memoryBytes, MIN_MEMORY_BYTES, MAX_MEMORY_BYTES);
        requireRange("memoryHeadroomBytes", memoryHeadroomBytes, 0, MAX_MEMORY_BYTES);
        requireRange("cpuMillis", cpuMillis, MIN_CPU_MILLIS, MAX_CPU_MILLIS);
        requireRange("pids", pids, MIN_PIDS, MAX_PIDS);
        requireRange("openFiles", openFiles, MIN_OPEN_FILES, MAX_OPEN_FILES);
    }

    /** Limits with the default headroom, pids and open files. */
    public static BoxLimits of(long memoryBytes, int cpuMillis) {
        return new BoxLimits(memoryBytes, headroomFor(memoryBytes), cpuMillis, DEFAULT_PIDS, DEFAULT_OPEN_FILES);
    }

    /**
     * The default headroom: 128 MiB for the sentry and the gofer (about 72 and 19 MiB when idle) and an eighth of the
     * request for page tables and the file system caches that the kernel charges to the box.
     */
    public static long headroomFor(long memoryBytes) {
        return BASE_HEADROOM_BYTES + memoryBytes / HEADROOM_FRACTION;
    }

    /** What the host enforces, in bytes. */
    public long enforcedMemoryBytes() {
        return memoryBytes + memoryHeadroomBytes;
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be within " + min + ".." + max + ": " + value);
        }
    }
}
