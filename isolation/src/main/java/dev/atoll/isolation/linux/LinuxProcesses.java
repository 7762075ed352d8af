package dev.atoll.isolation.linux;

import static dev.atoll.isolation.linux.NativeCalls.INT;
import static dev.atoll.isolation.linux.NativeCalls.LONG;
import static dev.atoll.isolation.linux.NativeCalls.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Processes as the kernel sees them: adopting orphans, pidfds, signals, reaping one known child. */
public final class LinuxProcesses {

    public static final int SIGKILL = 9;

    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;
    private static final int SIGINFO_BYTES = 128;
    private static final int SIGINFO_CODE = 8;
    private static final int SIGINFO_PID = 16;
    private static final int SIGINFO_STATUS = 24;

    private static final NativeCalls.Function PRCTL =
            NativeCalls.variadic("prctl", 1, INT, INT, LONG, LONG, LONG, LONG);
    private static final NativeCalls.Function WAITID = NativeCalls.function("waitid", INT, INT, INT, POINTER, INT);
    private static final NativeCalls.Function SYSCALL_2 = NativeCalls.systemCall(2);
    private static final NativeCalls.Function SYSCALL_4 = NativeCalls.systemCall(4);

    private LinuxProcesses() {}

    /** How a child ended. */
    public sealed interface Ending {
        /** It left with {@code code}, 0–255. */
        record Exited(int code) implements Ending {}

        /** The signal {@code signo} ended it. */
        record Killed(int signo) implements Ending {}
    }

    /**
     * Makes this process the new parent of descendants whose parent died, so that it can wait for them. Holds for the
     * whole process and until its end.
     */
    public static void becomeChildSubreaper() throws LinuxException {
        PRCTL.require(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    }

    /** A descriptor that names process {@code pid} and becomes readable when it ends; empty when there is none. */
    public static Optional<Fd> openPidFd(long pid) throws LinuxException {
        long result = SYSCALL_2.retried(SYS_PIDFD_OPEN, pid, 0L);
        if (result == -Errno.ESRCH || result == -Errno.EINVAL) {
            return Optional.empty();
        }
        if (result < 0) {
            throw new LinuxException("pidfd_open", (int) -result);
        }
        return Optional.of(new Fd((int) result));
    }

    /** Sends {@code signo} to the very process that {@code pidFd} names; false when it has ended. */
    public static boolean signal(Fd pidFd, int signo) throws LinuxException {
        long result =
                pidFd.use(number -> SYSCALL_4.retried(SYS_PIDFD_SEND_SIGNAL, (long) number, (long) signo, 0L, 0L));
        if (result == -Errno.ESRCH) {
            return false;
        }
        if (result < 0) {
            throw new LinuxException("pidfd_send_signal", (int) -result);
        }
        return true;
    }

    /**
     * Collects the child {@code pid} if it has ended; empty when it runs, is not our child, or was collected before.
     * Waits for this one pid only, so it never takes a child that belongs to other code of this JVM.
     */
    public static Optional<Ending> reap(long pid) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_BYTES, 8);
            long result = WAITID.retried(P_PID, (int) pid, info, WNOHANG | WEXITED);
            if (result == -Errno.ECHILD) {
                return Optional.empty();
            }
            if (result < 0) {
                throw WAITID.failure(result);
            }
            if (info.get(JAVA_INT, SIGINFO_PID) == 0) {
                return Optional.empty();
            }
            int status = info.get(JAVA_INT, SIGINFO_STATUS);
            boolean exited = info.get(JAVA_INT, SIGINFO_CODE) == CLD_EXITED;
            return Optional.of(exited ? new Ending.Exited(status) : new Ending.Killed(status));
        }
    }
}
