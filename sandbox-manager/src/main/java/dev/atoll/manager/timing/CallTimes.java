package dev.atoll.manager.timing;

import dev.atoll.model.host.HostTimings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the time of one call goes. It is bound to the thread that serves the call while {@link #during} runs, and whatever that thread does
 * for the call is added by those who do it. For one thread.
 */
public final class CallTimes {
    /** What time is spent on. The parts do not overlap, but for the process, which is a part of the guest. */
    public enum Part {
        /** Statements in the database, waiting for a connection included. */
        DATABASE,
        /** Waiting for what others do and do not account for: the preparation of a sandbox, a process that an earlier call started. */
        WAIT,
        /** On the way to a host and back. */
        LINK,
        /** In a host's agent, without the guest. */
        AGENT,
        /** From the spawn written to a guest to the exit read from it. */
        GUEST,
        /** The process itself, by the guest's clock. */
        PROCESS
    }

    private static final ScopedValue<CallTimes> CURRENT = ScopedValue.newInstance();

    private final long[] nanos = new long[Part.values().length];
    private boolean fromHost;

    /** Work that is timed. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /** Runs {@code work}; what it does on this thread is added here. */
    public <E extends Exception> void during(Work<E> work) throws E {
        ScopedValue.where(CURRENT, this).call(() -> {
            work.run();
            return this;
        });
    }

    /** The call that this thread serves, if it is timed, spent so long on the database. */
    public static void spentOnDatabase(long took) {
        if (CURRENT.isBound()) {
            CURRENT.get().add(Part.DATABASE, took);
        }
    }

    /** Runs {@code work}, which does little but wait for other threads; statements within it count as such. */
    public static <T> T waiting(Supplier<T> work) {
        if (!CURRENT.isBound()) {
            return work.get();
        }
        CallTimes times = CURRENT.get();
        long before = times.nanos[Part.DATABASE.ordinal()];
        long began = System.nanoTime();
        try {
            return work.get();
        } finally {
            long statements = times.nanos[Part.DATABASE.ordinal()] - before;
            times.add(Part.WAIT, Math.max(0, System.nanoTime() - began - statements));
        }
    }

    /** The call that this thread serves, if it is timed, spent {@code took} on a host, which may have said where that went. */
    public static void spentOnHost(long took, Optional<HostTimings> said) {
        if (CURRENT.isBound()) {
            CallTimes times = CURRENT.get();
            said.ifPresentOrElse(host -> times.split(took, host), () -> times.add(Part.WAIT, took));
        }
    }

    private void split(long took, HostTimings host) {
        long total = Math.min(took, host.total().toNanos());
        long guest = Math.min(total, host.guest().toNanos());
        add(Part.LINK, took - total);
        add(Part.AGENT, total - guest);
        add(Part.GUEST, guest);
        add(Part.PROCESS, Math.min(guest, host.process().toNanos()));
        fromHost = true;
    }

    private void add(Part part, long took) {
        nanos[part.ordinal()] += took;
    }

    public Duration of(Part part) {
        return Duration.ofNanos(nanos[part.ordinal()]);
    }

    /** Whether a host has said where its time went. */
    public boolean knowsHost() {
        return fromHost;
    }
}
