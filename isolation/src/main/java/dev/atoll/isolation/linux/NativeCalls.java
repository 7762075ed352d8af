package dev.atoll.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** Looks functions up in libc and calls them; the only class that touches method handles. */
final class NativeCalls {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int NOT_VARIADIC = -1;

    private NativeCalls() {}

    /** One function of libc that reports failure by -1 and errno. */
    static final class Function {

        private final String name;
        private final MethodHandle handle;

        @SuppressWarnings("restricted")
        private Function(String name, FunctionDescriptor descriptor, int firstVariadic) {
            this.name = name;
            Linker.Option capture = Linker.Option.captureCallState("errno");
            Linker.Option[] options = firstVariadic == NOT_VARIADIC
                    ? new Linker.Option[] {capture}
                    : new Linker.Option[] {capture, Linker.Option.firstVariadicArg(firstVariadic)};
            MethodHandle raw = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
            int arguments = raw.type().parameterCount();
            this.handle = raw.asSpreader(Object[].class, arguments - 1)
                    .asType(MethodType.methodType(long.class, MemorySegment.class, Object[].class));
        }

        /** The result, or {@code -errno} when the call failed: the convention of the kernel itself. */
        long call(Object... arguments) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment captured = arena.allocate(CAPTURE);
                long result = (long) handle.invokeExact(captured, arguments);
                return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
            } catch (RuntimeException | Error unexpected) {
                throw unexpected;
            } catch (Throwable impossible) {
                throw new AssertionError(name, impossible);
            }
        }

        /** As {@link #call}, for callers to whom every failure is an exception; repeats when interrupted. */
        long require(Object... arguments) throws LinuxException {
            long result = retried(arguments);
            if (result < 0) {
                throw new LinuxException(name, (int) -result);
            }
            return result;
        }

        /** As {@link #call}, repeated while a signal interrupts it. */
        long retried(Object... arguments) {
            long result;
            do {
                result = call(arguments);
            } while (result == -Errno.EINTR);
            return result;
        }

        LinuxException failure(long negativeErrno) {
            return new LinuxException(name, (int) -negativeErrno);
        }
    }

    static Function function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return new Function(name, FunctionDescriptor.of(result, arguments), NOT_VARIADIC);
    }

    static Function variadic(String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
        return new Function(name, FunctionDescriptor.of(result, arguments), firstVariadic);
    }

    /** {@code syscall(number, …)} with arguments that all are longs, for calls that libc does not wrap. */
    static Function systemCall(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments + 1];
        Arrays.fill(layouts, JAVA_LONG);
        return variadic("syscall", 1, JAVA_LONG, layouts);
    }

    static final MemoryLayout SHORT = JAVA_SHORT;
    static final MemoryLayout INT = JAVA_INT;
    static final MemoryLayout LONG = JAVA_LONG;
    static final MemoryLayout POINTER = ADDRESS;
}
