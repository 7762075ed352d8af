package dev.atoll.isolation.linux;

import static dev.atoll.isolation.linux.NativeCalls.INT;
import static dev.atoll.isolation.linux.NativeCalls.LONG;
import static dev.atoll.isolation.linux.NativeCalls.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Opening, reading and writing without blocking, FIFOs, unmounting. */
public final class LinuxFiles {

    /** What {@link #read} and {@link #write} return when the call would have had to wait. */
    public static final int WOULD_BLOCK = -1;

    /** Flags of open(2). */
    public enum OpenMode {
        READ_ONLY(0),
        READ_WRITE(O_RDWR),
        /** A mere reference to a path; nothing can be read from it. */
        PATH_ONLY(O_PATH);

        private final int flags;

        OpenMode(int flags) {
            this.flags = flags;
        }
    }

    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private static final int F_SETPIPE_SZ = 1031;

    private static final int AT_FDCWD = -100;
    private static final int STATX_BLOCKS = 0x400;
    private static final int STATX_BYTES = 256;
    private static final int STATX_BLOCKS_AT = 48;
    private static final int BLOCK_BYTES = 512;

    private static final NativeCalls.Function OPEN = NativeCalls.variadic("open", 2, INT, POINTER, INT, INT);
    private static final NativeCalls.Function MKFIFO = NativeCalls.function("mkfifo", INT, POINTER, INT);
    private static final NativeCalls.Function READ = NativeCalls.function("read", LONG, INT, POINTER, LONG);
    private static final NativeCalls.Function WRITE = NativeCalls.function("write", LONG, INT, POINTER, LONG);
    private static final NativeCalls.Function STATX =
            NativeCalls.function("statx", INT, INT, POINTER, INT, INT, POINTER);
    private static final NativeCalls.Function FCNTL = NativeCalls.variadic("fcntl", 2, INT, INT, INT, INT);
    private static final NativeCalls.Function UMOUNT2 = NativeCalls.function("umount2", INT, POINTER, INT);

    private LinuxFiles() {}

    /** Opens an existing file, non-blocking and not inherited by children. */
    public static Fd open(Path path, OpenMode mode) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            int flags = mode.flags | O_NONBLOCK | O_CLOEXEC;
            return new Fd((int) OPEN.require(arena.allocateFrom(path.toString()), flags, 0));
        }
    }

    /**
     * Makes a file that does not exist and opens it for reading and writing; {@code permissions} as in chmod(1), less the
     * process's umask. Fails with EEXIST also on a symbolic link.
     */
    public static Fd create(Path path, int permissions) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
            return new Fd((int) OPEN.require(arena.allocateFrom(path.toString()), flags, permissions));
        }
    }

    /** What a file takes on its disk, holes left out; follows links, those of {@code /proc/PID/fd} too. */
    public static long allocatedBytes(Path path) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(STATX_BYTES, Long.BYTES);
            STATX.require(AT_FDCWD, arena.allocateFrom(path.toString()), 0, STATX_BLOCKS, result);
            return result.get(ValueLayout.JAVA_LONG, STATX_BLOCKS_AT) * BLOCK_BYTES;
        }
    }

    /** Makes a FIFO; {@code permissions} as in chmod(1), for example {@code 0600}, less the process's umask. */
    public static void makeFifo(Path path, int permissions) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MKFIFO.require(arena.allocateFrom(path.toString()), permissions);
        }
    }

    /**
     * Reads once into {@code buffer}, which must be direct and have room.
     *
     * @return the number of bytes, 0 at the end of the file, {@link #WOULD_BLOCK} when nothing is there yet
     */
    public static int read(Fd fd, ByteBuffer buffer) throws LinuxException {
        requireDirect(buffer);
        long count = fd.use(number -> transfer(READ, number, buffer));
        if (count > 0) {
            buffer.position(buffer.position() + (int) count);
        }
        return (int) count;
    }

    /**
     * Writes once from {@code buffer}, which must be direct.
     *
     * @return the number of bytes taken, or {@link #WOULD_BLOCK} when there is no room
     */
    public static int write(Fd fd, ByteBuffer buffer) throws LinuxException {
        requireDirect(buffer);
        long count = fd.use(number -> transfer(WRITE, number, buffer));
        if (count > 0) {
            buffer.position(buffer.position() + (int) count);
        }
        return (int) count;
    }

    /** Gives a pipe or FIFO room for so many bytes, if the kernel's limits allow that; otherwise it stays as it is. */
    public static void enlargePipe(Fd fd, int bytes) throws LinuxException {
        fd.use(number -> FCNTL.retried(number, F_SETPIPE_SZ, bytes));
    }

    /** Detaches a mount; false when {@code path} is no mount point or does not exist. */
    public static boolean unmount(Path path) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long result = UMOUNT2.retried(arena.allocateFrom(path.toString()), MNT_DETACH | UMOUNT_NOFOLLOW);
            if (result == -Errno.EINVAL || result == -Errno.ENOENT) {
                return false;
            }
            if (result < 0) {
                throw UMOUNT2.failure(result);
            }
            return true;
        }
    }

    private static long transfer(NativeCalls.Function function, int number, ByteBuffer buffer) throws LinuxException {
        long result = function.retried(number, MemorySegment.ofBuffer(buffer), (long) buffer.remaining());
        if (result == -Errno.EAGAIN) {
            return WOULD_BLOCK;
        }
        if (result < 0) {
            throw function.failure(result);
        }
        return result;
    }

    private static void requireDirect(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("the kernel can only reach direct buffers");
        }
    }
}
