package dev.atoll.isolation.linux;

import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor, safe against use after close: the number is given back to the kernel only when no call uses
 * it any more, and every later use fails with EBADF instead of hitting a stranger's descriptor.
 *
 * <p>Thread safe. Closing twice is harmless.
 */
public final class Fd implements AutoCloseable {

    private static final NativeCalls.Function CLOSE = NativeCalls.function("close", NativeCalls.INT, NativeCalls.INT);

    private final int number;
    private @Nullable Runnable waiter;
    private int users;
    private boolean closed;

    Fd(int number) {
        this.number = number;
    }

    /** A use of the open descriptor. */
    interface Use<T> {
        T with(int number) throws LinuxException;
    }

    /** Runs {@code use} with the number, which stays this descriptor's for as long as it runs. */
    <T> T use(Use<T> use) throws LinuxException {
        acquire();
        try {
            return use.with(number);
        } finally {
            release();
        }
    }

    /** Keeps the number from being reused until {@link #release}. */
    void acquire() throws LinuxException {
        synchronized (this) {
            if (closed) {
                throw new LinuxException("fd", Errno.EBADF);
            }
            users++;
        }
    }

    void release() {
        synchronized (this) {
            users--;
            if (!closed || users > 0) {
                return;
            }
        }
        CLOSE.call(number);
    }

    /** The number, for a call between {@link #acquire} and {@link #release} only. */
    int number() {
        return number;
    }

    /**
     * Names what wakes the one thread that waits on this descriptor, so that a close ends its wait.
     *
     * @throws LinuxException with EBADF when this is closed already
     */
    void startWaiting(Runnable wake) throws LinuxException {
        synchronized (this) {
            if (closed) {
                throw new LinuxException("fd", Errno.EBADF);
            }
            if (waiter != null) {
                throw new IllegalStateException("two threads wait on one descriptor");
            }
            waiter = wake;
            users++;
        }
    }

    void stopWaiting() {
        synchronized (this) {
            waiter = null;
        }
        release();
    }

    /** This descriptor for another owner: from now on closing this one does nothing. Nobody may use it meanwhile. */
    public Fd handOver() {
        synchronized (this) {
            if (closed || users > 0) {
                throw new IllegalStateException("a descriptor in use cannot change hands");
            }
            closed = true;
            return new Fd(number);
        }
    }

    public boolean isOpen() {
        synchronized (this) {
            return !closed;
        }
    }

    @Override
    public void close() {
        Runnable wake;
        boolean last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            wake = waiter;
            last = users == 0;
        }
        if (wake != null) {
            wake.run();
        }
        if (last) {
            CLOSE.call(number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
