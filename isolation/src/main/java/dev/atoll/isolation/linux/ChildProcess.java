package dev.atoll.isolation.linux;

import static dev.atoll.isolation.linux.NativeCalls.INT;
import static dev.atoll.isolation.linux.NativeCalls.POINTER;
import static dev.atoll.isolation.linux.NativeCalls.SHORT;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.atoll.isolation.linux.LinuxProcesses.Ending;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that was started by posix_spawn(3): its standard streams are files that are opened for reading and writing, for it
 * alone, which {@link ProcessBuilder} cannot do; it has no other descriptor, no blocked and no ignored signal, and the
 * environment it is given. Nothing runs in between, no helper and no shell: each execve costs a millisecond or two.
 *
 * <p>Whoever starts one closes it, which ends it if it still runs. For one thread at a time.
 */
public final class ChildProcess implements AutoCloseable {

    private static final int O_RDWR = 2;
    private static final int FIRST_OTHER_DESCRIPTOR = 3;
    private static final short SETSIGDEF_AND_SETSIGMASK = 0x04 | 0x08;

    /** More than glibc's posix_spawn_file_actions_t (80), posix_spawnattr_t (336) and sigset_t (128) take. */
    private static final long STRUCT_BYTES = 512;

    private static final byte ALL_SIGNALS = (byte) 0xff;

    /** How long one that was killed is waited for; if it takes longer it is for others to collect. */
    private static final Duration KILL_GRACE = Duration.ofSeconds(5);

    private static final NativeCalls.Function SPAWN =
            NativeCalls.function("posix_spawn", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    private static final NativeCalls.Function ACTIONS_INIT =
            NativeCalls.function("posix_spawn_file_actions_init", INT, POINTER);
    private static final NativeCalls.Function ACTIONS_DESTROY =
            NativeCalls.function("posix_spawn_file_actions_destroy", INT, POINTER);
    private static final NativeCalls.Function ADD_OPEN =
            NativeCalls.function("posix_spawn_file_actions_addopen", INT, POINTER, INT, POINTER, INT, INT);
    /** Since glibc 2.34. The JDK opens some files without O_CLOEXEC. */
    private static final NativeCalls.Function ADD_CLOSE_FROM =
            NativeCalls.function("posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);

    private static final NativeCalls.Function ATTRIBUTES_INIT =
            NativeCalls.function("posix_spawnattr_init", INT, POINTER);
    private static final NativeCalls.Function ATTRIBUTES_DESTROY =
            NativeCalls.function("posix_spawnattr_destroy", INT, POINTER);
    private static final NativeCalls.Function SET_FLAGS =
            NativeCalls.function("posix_spawnattr_setflags", INT, POINTER, SHORT);
    private static final NativeCalls.Function SET_DEFAULT =
            NativeCalls.function("posix_spawnattr_setsigdefault", INT, POINTER, POINTER);
    private static final NativeCalls.Function SET_MASK =
            NativeCalls.function("posix_spawnattr_setsigmask", INT, POINTER, POINTER);

    private final Poller poller;
    private final long pid;
    private final Fd pidFd;
    private boolean over;

    private ChildProcess(Poller poller, long pid, Fd pidFd) {
        this.poller = poller;
        this.pid = pid;
        this.pidFd = pidFd;
    }

    /**
     * Starts {@code command}, whose first word is the path of an executable.
     *
     * @param stdin an existing file, as the other two
     * @throws LinuxException also when one of the files cannot be opened or the executable not be executed
     */
    public static ChildProcess start(
            Poller poller, List<String> command, Map<String, String> environment, Path stdin, Path stdout, Path stderr)
            throws LinuxException {
        long pid;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(STRUCT_BYTES, Long.BYTES);
            MemorySegment attributes = arena.allocate(STRUCT_BYTES, Long.BYTES);
            requireZero(ACTIONS_INIT, actions);
            try {
                requireZero(ATTRIBUTES_INIT, attributes);
                try {
                    describe(arena, actions, List.of(stdin, stdout, stderr));
                    describeSignals(arena, attributes);
                    pid = spawn(arena, actions, attributes, command, environment);
                } finally {
                    ATTRIBUTES_DESTROY.call(attributes);
                }
            } finally {
                ACTIONS_DESTROY.call(actions);
            }
        }
        try {
            // It is ours to collect, so its pid is nobody else's however soon it ends.
            Fd pidFd = LinuxProcesses.openPidFd(pid).orElseThrow(() -> new LinuxException("pidfd_open", Errno.ESRCH));
            return new ChildProcess(poller, pid, pidFd);
        } catch (LinuxException noDescriptor) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            throw noDescriptor;
        }
    }

    private static void describe(Arena arena, MemorySegment actions, List<Path> streams) throws LinuxException {
        for (int number = 0; number < streams.size(); number++) {
            MemorySegment path = arena.allocateFrom(streams.get(number).toString());
            requireZero(ADD_OPEN, actions, number, path, O_RDWR, 0);
        }
        requireZero(ADD_CLOSE_FROM, actions, FIRST_OTHER_DESCRIPTOR);
    }

    private static void describeSignals(Arena arena, MemorySegment attributes) throws LinuxException {
        MemorySegment none = arena.allocate(STRUCT_BYTES, Long.BYTES);
        MemorySegment all = arena.allocate(STRUCT_BYTES, Long.BYTES).fill(ALL_SIGNALS);
        requireZero(SET_MASK, attributes, none);
        requireZero(SET_DEFAULT, attributes, all);
        requireZero(SET_FLAGS, attributes, SETSIGDEF_AND_SETSIGMASK);
    }

    private static long spawn(
            Arena arena,
            MemorySegment actions,
            MemorySegment attributes,
            List<String> command,
            Map<String, String> environment)
            throws LinuxException {
        MemorySegment pid = arena.allocate(JAVA_INT);
        MemorySegment arguments = strings(arena, command);
        MemorySegment variables = strings(
                arena,
                environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
        MemorySegment program = arena.allocateFrom(command.getFirst());
        requireZero(SPAWN, pid, program, actions, attributes, arguments, variables);
        return pid.get(JAVA_INT, 0);
    }

    /** An array of pointers that ends with a null pointer. */
    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    /** These functions return an error number and leave errno alone. */
    private static void requireZero(NativeCalls.Function function, Object... arguments) throws LinuxException {
        long error = function.call(arguments);
        if (error != 0) {
            throw function.failure(-error);
        }
    }

    /** Its pid, which stays its own until {@link #await} has returned its ending or this is closed. */
    public long pid() {
        return pid;
    }

    /**
     * Waits until it has ended, and collects it.
     *
     * @return empty when {@code timeout} is over first
     * @throws LinuxException with ECHILD when somebody else has collected it
     */
    public Optional<Ending> await(Duration timeout) throws LinuxException, InterruptedException {
        if (!poller.await(pidFd, Poller.Interest.READABLE, timeout)) {
            return Optional.empty();
        }
        over = true;
        Optional<Ending> ending = LinuxProcesses.reap(pid);
        if (ending.isEmpty()) {
            throw new LinuxException("waitid", Errno.ECHILD);
        }
        return ending;
    }

    /** Kills and collects it unless that is done; an interrupt does not keep it from that. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (!over) {
                LinuxProcesses.signal(pidFd, LinuxProcesses.SIGKILL);
                await(KILL_GRACE);
            }
        } catch (LinuxException gone) {
            // Collected by somebody else, or the poller is closed and this process about to end.
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            pidFd.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
