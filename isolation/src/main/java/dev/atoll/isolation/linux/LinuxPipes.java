package dev.atoll.isolation.linux;

import static dev.atoll.isolation.linux.NativeCalls.INT;
import static dev.atoll.isolation.linux.NativeCalls.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pipes without a name. */
public final class LinuxPipes {
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETFL = 4;
    private static final int F_SETPIPE_SZ = 1031;

    private static final NativeCalls.Function PIPE2 = NativeCalls.function("pipe2", INT, POINTER, INT);
    private static final NativeCalls.Function FCNTL = NativeCalls.variadic("fcntl", 2, INT, INT, INT, INT);

    private LinuxPipes() {}

    /** The two ends of a pipe. Both block until {@link #setNonBlocking}. */
    public record Ends(Fd reader, Fd writer) implements AutoCloseable {
        @Override
        public void close() {
            reader.close();
            writer.close();
        }
    }

    /**
     * Makes a pipe that children do not inherit.
     *
     * @param capacity bytes that it holds, if the kernel allows so many; else it holds what the kernel gives
     */
    public static Ends open(int capacity) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers =
                    arena.allocate(2 * ValueLayout.JAVA_INT.byteSize(), ValueLayout.JAVA_INT.byteSize());
            PIPE2.require(numbers, O_CLOEXEC);
            Ends ends = new Ends(
                    new Fd(numbers.getAtIndex(ValueLayout.JAVA_INT, 0)),
                    new Fd(numbers.getAtIndex(ValueLayout.JAVA_INT, 1)));
            var _ = ends.writer().use(number -> FCNTL.call(number, F_SETPIPE_SZ, capacity));
            return ends;
        }
    }

    /** Lets calls on an end of a pipe return instead of wait; for whoever shares the same description too. */
    public static void setNonBlocking(Fd end) throws LinuxException {
        var _ = end.use(number -> FCNTL.require(number, F_SETFL, O_NONBLOCK));
    }
}
