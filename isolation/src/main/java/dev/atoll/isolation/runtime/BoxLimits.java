package dev.atoll.isolation.runtime;

/**
 * What one box may use of its host. Inside, going beyond a limit is an error of the call that does it (ENOSPC, EAGAIN,
 * EMFILE), except for memory: there the box ends, see {@link BoxExit.OutOfMemory}.
 *
 * <p>Sizes of what a limit costs were measured with the pinned runsc on systrap; {@code docs/decisions/0009-limits.md} has
 * them and how each limit is enforced.
 *
 * @param memoryBytes what the box sees as its memory (MemTotal); at least {@link #MIN_MEMORY_BYTES}
 * @param memoryHeadroomBytes what the sentry may use on top; the host enforces the sum, see {@link #headroomFor}
 * @param cpuMillis CPU time per wall-clock second in thousandths of a core, enforced as a quota; inside, the number of CPUs
 *     is {@link #cpus()}
 * @param pids processes and threads that commands in the box may have, see {@link #pidsFor}; the host adds room for the
 *     threads of the sentry
 * @param openFiles RLIMIT_NOFILE of PID 1 and what it starts
 * @param diskBytes what the writable layer may hold, rounded up to whole pages; the host loses no more to it
 * @param inodes files, directories, links and nodes in the writable layer, see {@link #inodesFor}
 */
public record BoxLimits(
        long memoryBytes,
        long memoryHeadroomBytes,
        int cpuMillis,
        int pids,
        int openFiles,
        long diskBytes,
        long inodes) {

    /** A box boots within what it may use later, and a boot takes up to 25 MiB. */
    public static final long MIN_MEMORY_BYTES = 64L << 20;

    public static final long MAX_MEMORY_BYTES = 16L << 40;
    public static final int MIN_CPU_MILLIS = 10;
    public static final int MAX_CPU_MILLIS = 1_024_000;
    public static final int MIN_PIDS = 4;
    public static final int MAX_PIDS = 32_768;
    public static final int MIN_OPEN_FILES = 32;
    public static final int MAX_OPEN_FILES = 1 << 20;
    public static final int DEFAULT_OPEN_FILES = 65_536;
    public static final long MIN_DISK_BYTES = 1L << 20;
    public static final long MAX_DISK_BYTES = 64L << 40;
    public static final long DEFAULT_DISK_BYTES = 10L << 30;
    public static final long MIN_INODES = 64;
    public static final long MAX_INODES = 1L << 32;

    private static final int MOST_DEFAULT_PIDS = 1_024;
    private static final int LEAST_DEFAULT_PIDS = 64;
    private static final long MEMORY_PER_PID = 1L << 20;
    private static final long MEMORY_PER_INODE = 4L << 10;
    private static final long BASE_HEADROOM_BYTES = 128L << 20;
    private static final int HEADROOM_FRACTION = 8;
    private static final int MILLIS_PER_CPU = 1_000;

    public BoxLimits {
        requireRange("memoryBytes", memoryBytes, MIN_MEMORY_BYTES, MAX_MEMORY_BYTES);
        requireRange("memoryHeadroomBytes", memoryHeadroomBytes, 0, MAX_MEMORY_BYTES);
        requireRange("cpuMillis", cpuMillis, MIN_CPU_MILLIS, MAX_CPU_MILLIS);
        requireRange("pids", pids, MIN_PIDS, MAX_PIDS);
        requireRange("openFiles", openFiles, MIN_OPEN_FILES, MAX_OPEN_FILES);
        requireRange("diskBytes", diskBytes, MIN_DISK_BYTES, MAX_DISK_BYTES);
        requireRange("inodes", inodes, MIN_INODES, MAX_INODES);
    }

    /** Limits with a writable layer of {@link #DEFAULT_DISK_BYTES} and defaults that follow from the memory. */
    public static BoxLimits of(long memoryBytes, int cpuMillis) {
        return of(memoryBytes, cpuMillis, DEFAULT_DISK_BYTES);
    }

    /** Limits with the default headroom, open files, pids and inodes. */
    public static BoxLimits of(long memoryBytes, int cpuMillis, long diskBytes) {
        return new BoxLimits(
                memoryBytes,
                headroomFor(memoryBytes),
                cpuMillis,
                pidsFor(memoryBytes),
                DEFAULT_OPEN_FILES,
                diskBytes,
                inodesFor(memoryBytes));
    }

    public BoxLimits withPids(int other) {
        return new BoxLimits(memoryBytes, memoryHeadroomBytes, cpuMillis, other, openFiles, diskBytes, inodes);
    }

    public BoxLimits withInodes(long other) {
        return new BoxLimits(memoryBytes, memoryHeadroomBytes, cpuMillis, pids, openFiles, diskBytes, other);
    }

    public BoxLimits withMemoryHeadroom(long other) {
        return new BoxLimits(memoryBytes, other, cpuMillis, pids, openFiles, diskBytes, inodes);
    }

    /**
     * The default headroom: 128 MiB for the sentry and the gofer (about 72 and 19 MiB when idle) and an eighth of the
     * request for page tables and the file system caches that the kernel charges to the box.
     */
    public static long headroomFor(long memoryBytes) {
        return BASE_HEADROOM_BYTES + memoryBytes / HEADROOM_FRACTION;
    }

    /**
     * The default number of processes: 64 and one for each MiB, at most 1,024. A process that runs costs up to 0.75 MiB of
     * the box's memory before it has touched any of its own, one that sleeps 0.26 MiB: with these, a box full of them
     * still lives.
     */
    public static int pidsFor(long memoryBytes) {
        return (int) Math.min(MOST_DEFAULT_PIDS, LEAST_DEFAULT_PIDS + memoryBytes / MEMORY_PER_PID);
    }

    /**
     * The default number of inodes: one for each 4 KiB of memory. The sentry keeps names and attributes of written files
     * in memory, 3.1 KB for each, and that counts as the box's.
     */
    public static long inodesFor(long memoryBytes) {
        return Math.min(MAX_INODES, memoryBytes / MEMORY_PER_INODE);
    }

    /** What the host enforces, in bytes. */
    public long enforcedMemoryBytes() {
        return memoryBytes + memoryHeadroomBytes;
    }

    /** How many CPUs the box sees: the quota rounded up to whole cores. */
    public int cpus() {
        return Math.ceilDiv(cpuMillis, MILLIS_PER_CPU);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be within " + min + ".." + max + ": " + value);
        }
    }
}
