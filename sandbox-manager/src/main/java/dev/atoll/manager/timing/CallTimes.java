package dev.atoll.manager.timing;

import dev.atoll.model.host.HostTimings;
import java.time.Duration;
import java.util.List;
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
        /** Waiting for a guest: from what was written to it to what was read from it. */
        GUEST,
        /** The process itself, by the guest's clock. */
        PROCESS
    }

    /** Those that a wait does not contain: what they say is known more exactly than that somebody waited. */
    private static final List<Part> KNOWN = List.of(Part.DATABASE, Part.LINK, Part.AGENT, Part.GUEST);

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

    /** Where the time of what this thread serves went until now, if it is timed. */
    public static Optional<CallTimes> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** The call that this thread serves, if it is timed, waited for work on another thread, whose time went there. */
    public static void spentElsewhere(CallTimes elsewhere) {
        if (CURRENT.isBound() && CURRENT.get() != elsewhere) {
            CallTimes times = CURRENT.get();
            for (Part part : Part.values()) {
                times.add(part, elsewhere.nanos[part.ordinal()]);
            }
            times.fromHost |= elsewhere.fromHost;
        }
    }

    /** Runs {@code work}, which does little but wait for other threads; what is known of where they spent it counts as such. */
    public static <T> T waiting(Supplier<T> work) {
        if (!CURRENT.isBound()) {
            return work.get();
        }
        CallTimes times = CURRENT.get();
        long before = times.known();
        long began = System.nanoTime();
        try {
            return work.get();
        } finally {
            times.add(Part.WAIT, Math.max(0, System.nanoTime() - began - (times.known() - before)));
        }
    }

    private long known() {
        return KNOWN.stream().mapToLong(part -> nanos[part.ordinal()]).sum();
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
