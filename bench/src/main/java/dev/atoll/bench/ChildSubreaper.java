package dev.atoll.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Adopts what runsc leaves behind. runsc waits until its sandbox is gone from the process table, so who collects it decides how
 * long a delete takes: here at once, as the platform does with its own, and not whenever PID 1 finds time.
 */
final class ChildSubreaper {
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int WNOHANG = 1;
    private static final int ANY_CHILD = -1;

    private static final MethodHandle PRCTL = function(
            "prctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle WAITPID =
            function("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private ChildSubreaper() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    /** From now on orphans below this process are its children. */
    static void become() {
        try {
            if ((int) PRCTL.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) != 0) {
                throw new IllegalStateException("prctl(PR_SET_CHILD_SUBREAPER) failed");
            }
        } catch (RuntimeException | Error unexpected) {
            throw unexpected;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Blocks until the adopted child has ended, and collects it. */
    static void await(long pid) {
        waitpid((int) pid, 0);
    }

    /** Collects all adopted children that have ended. To be called only while no {@code Process} of ours is alive. */
    static void collect() {
        while (waitpid(ANY_CHILD, WNOHANG) > 0) {
            // One is gone; perhaps there are more.
        }
    }

    private static int waitpid(int pid, int options) {
        try {
            return (int) WAITPID.invokeExact(pid, MemorySegment.NULL, options);
        } catch (RuntimeException | Error unexpected) {
            throw unexpected;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
