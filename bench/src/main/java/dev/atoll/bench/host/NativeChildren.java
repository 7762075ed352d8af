package dev.atoll.bench.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The calls of Linux about children that Java does not have. */
final class NativeChildren {
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int P_ALL = 0;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int EINTR = 4;
    private static final int ECHILD = 10;

    /** siginfo_t of 64-bit Linux: 128 bytes, {@code si_pid} behind three numbers and their padding. */
    private static final long SIGINFO_BYTES = 128;

    private static final long SI_PID_OFFSET = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle PRCTL = function(
            "prctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle WAITID = function(
            "waitid",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle WAITPID =
            function("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private NativeChildren() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /** From now on orphans below this process are its children. */
    static void adoptOrphans() {
        try {
            if ((int) PRCTL.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) != 0) {
                throw new IllegalStateException("prctl(PR_SET_CHILD_SUBREAPER) failed");
            }
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** Blocks until some child has ended, and leaves it as it is; its number, or 0 when there are no children at all. */
    static long awaitEnded() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment info = arena.allocate(SIGINFO_BYTES);
            while ((int) WAITID.invokeExact(state, P_ALL, 0, info, WEXITED | WNOWAIT) != 0) {
                int errno = (int) ERRNO.get(state, 0L);
                if (errno == ECHILD) {
                    return 0;
                }
                if (errno != EINTR) {
                    throw new IllegalStateException("waitid failed with error " + errno);
                }
            }
            return info.get(JAVA_INT, SI_PID_OFFSET);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** Takes a child that has ended out of the process table. */
    static void collect(long pid) {
        try {
            int ignored = (int) WAITPID.invokeExact((int) pid, MemorySegment.NULL, 0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** What a native call throws is a mistake of ours, never a checked exception. */
    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException mistake) {
            return mistake;
        }
        throw new AssertionError(thrown);
    }
}
