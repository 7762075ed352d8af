package dev.atoll.isolation.linux;

import static dev.atoll.isolation.linux.NativeCalls.INT;
import static dev.atoll.isolation.linux.NativeCalls.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Parks threads, virtual ones above all, until a descriptor can be read or written: one platform thread waits in epoll
 * for all of them.
 *
 * <p>Thread safe; one thread at a time may wait on one {@link Fd}.
 */
public final class Poller implements AutoCloseable {

    /** What to wait for. Every wait also ends when the other end has closed, or in an error that the next call shows. */
    public enum Interest {
        READABLE(1),
        WRITABLE(4);

        private final int events;

        Interest(int events) {
            this.events = events;
        }
    }

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_FLAGS = 0x80000 | 0x800;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int WAIT_FOREVER = -1;
    private static final int EVENTS_PER_WAIT = 64;
    private static final long STOP_TOKEN = 0;
    /** In nanoseconds; half of the range, so that sums with the present stay in order. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    /** struct epoll_event is packed on x86-64 alone. */
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EVENT_DATA_OFFSET = PACKED ? 4 : 8;

    private static final NativeCalls.Function EPOLL_CREATE = NativeCalls.function("epoll_create1", INT, INT);
    private static final NativeCalls.Function EPOLL_CTL =
            NativeCalls.function("epoll_ctl", INT, INT, INT, INT, POINTER);
    private static final NativeCalls.Function EPOLL_WAIT =
            NativeCalls.function("epoll_wait", INT, INT, POINTER, INT, INT);
    private static final NativeCalls.Function EVENTFD = NativeCalls.function("eventfd", INT, INT, INT);

    private final Fd epoll;
    private final Fd stop;
    private final ConcurrentHashMap<Long, Waiter> waiters = new ConcurrentHashMap<>();
    private final AtomicLong lastToken = new AtomicLong(STOP_TOKEN);
    private volatile boolean closed;

    /** Starts the one thread, made by {@code threads}, which should be a daemon platform thread. */
    public Poller(ThreadFactory threads) throws LinuxException {
        epoll = new Fd((int) EPOLL_CREATE.require(EPOLL_CLOEXEC));
        stop = new Fd((int) EVENTFD.require(0, EFD_FLAGS));
        control(EPOLL_CTL_ADD, stop, Interest.READABLE.events, STOP_TOKEN);
        threads.newThread(this::run).start();
    }

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean awake;

        private void wake() {
            awake = true;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Parks the caller until {@code fd} is ready, or closed, or {@code timeout} is over.
     *
     * @return false when the time was over first
     * @throws LinuxException with EBADF when {@code fd} or this is closed, also while waiting
     */
    public boolean await(Fd fd, Interest interest, Duration timeout) throws LinuxException, InterruptedException {
        return await(fd, interest, saturatedNanos(timeout));
    }

    /**
     * The same for as long as it takes. Cheaper than a long time: a virtual thread that parks for a time wakes the scheduler's timer thread
     * twice.
     */
    public void await(Fd fd, Interest interest) throws LinuxException, InterruptedException {
        await(fd, interest, FOREVER);
    }

    private boolean await(Fd fd, Interest interest, long nanos) throws LinuxException, InterruptedException {
        Waiter waiter = new Waiter();
        fd.startWaiting(waiter::wake);
        long token = lastToken.incrementAndGet();
        waiters.put(token, waiter);
        try {
            control(EPOLL_CTL_ADD, fd, interest.events | EPOLLONESHOT, token);
            try {
                boolean inTime = park(waiter, nanos);
                if (closed || !fd.isOpen()) {
                    throw new LinuxException("poll", Errno.EBADF);
                }
                return inTime;
            } finally {
                forget(fd);
            }
        } finally {
            waiters.remove(token);
            fd.stopWaiting();
        }
    }

    private void forget(Fd fd) throws LinuxException {
        if (epoll.isOpen()) {
            epoll.use(poll -> EPOLL_CTL.call(poll, EPOLL_CTL_DEL, fd.number(), MemorySegment.NULL));
        }
    }

    private boolean park(Waiter waiter, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!waiter.awake && !closed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (nanos == FOREVER) {
                LockSupport.park(this);
            } else if (deadline - System.nanoTime() <= 0) {
                return false;
            } else {
                LockSupport.parkNanos(this, deadline - System.nanoTime());
            }
        }
        return true;
    }

    private static long saturatedNanos(Duration timeout) {
        Duration longest = Duration.ofNanos(FOREVER - 1);
        return timeout.compareTo(longest) < 0 ? timeout.toNanos() : longest.toNanos();
    }

    private void control(int operation, Fd fd, int events, long token) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_BYTES, 8);
            event.set(JAVA_INT, 0, events);
            event.set(JAVA_LONG_UNALIGNED, EVENT_DATA_OFFSET, token);
            epoll.use(poll -> fd.use(number -> EPOLL_CTL.require(poll, operation, number, event)));
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) EVENT_BYTES * EVENTS_PER_WAIT, 8);
            while (!closed) {
                long count = epoll.use(poll -> EPOLL_WAIT.require(poll, events, EVENTS_PER_WAIT, WAIT_FOREVER));
                for (int i = 0; i < count; i++) {
                    long token = events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + EVENT_DATA_OFFSET);
                    Waiter waiter = waiters.get(token);
                    if (waiter != null) {
                        waiter.wake();
                    }
                }
            }
        } catch (LinuxException broken) {
            throw new IllegalStateException("epoll_wait cannot fail on a descriptor of our own", broken);
        } finally {
            closed = true;
            waiters.values().forEach(Waiter::wake);
            epoll.close();
            stop.close();
        }
    }

    /** Ends the thread; every wait in progress fails with EBADF. */
    @Override
    public void close() {
        closed = true;
        ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        one.putLong(0, 1);
        try {
            LinuxFiles.write(stop, one);
        } catch (LinuxException alreadyClosed) {
            // The thread has ended and closed its descriptors.
        }
    }
}
