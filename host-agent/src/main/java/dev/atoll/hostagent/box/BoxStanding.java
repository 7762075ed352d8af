package dev.atoll.hostagent.box;

import dev.atoll.isolation.runtime.BoxHolding;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxPriority;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.problem.ProblemException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a box takes of its host, and how it stands towards the other boxes there. Thread-safe. */
public final class BoxStanding {
    private static final Logger LOG = LoggerFactory.getLogger(BoxStanding.class);

    private final SandboxRuntime runtime;
    private final BoxId id;
    private final BooleanSupplier running;
    private volatile BoxPriority priority = BoxPriority.NORMAL;

    BoxStanding(SandboxRuntime runtime, BoxId id, BooleanSupplier running) {
        this.runtime = runtime;
        this.id = id;
        this.running = running;
    }

    /** CPU time that it has used until now, 0 when that cannot be told or it has not started. */
    public long cpuNanos() {
        try {
            return running.getAsBoolean() ? runtime.cpuNanos(id) : 0;
        } catch (ProblemException gone) {
            return 0;
        }
    }

    /** What its writable layer takes of the host's disk, 0 when that cannot be told or it has not started. */
    public long diskBytes() {
        try {
            return running.getAsBoolean() ? runtime.diskBytes(id) : 0;
        } catch (ProblemException gone) {
            return 0;
        }
    }

    /** What the host counts for it; empty when that cannot be told or it has not started. */
    public Optional<BoxHolding> holding() {
        try {
            return running.getAsBoolean() ? Optional.of(runtime.holding(id)) : Optional.empty();
        } catch (ProblemException gone) {
            return Optional.empty();
        }
    }

    /** How many processes it has, which it is asked for; empty when it does not answer. */
    public OptionalInt processes() {
        try {
            return running.getAsBoolean() ? OptionalInt.of(runtime.usage(id).pids()) : OptionalInt.empty();
        } catch (ProblemException gone) {
            return OptionalInt.empty();
        }
    }

    /** Says how it stands from now on; one that does not run stands nowhere. */
    public void give(BoxPriority wanted) {
        try {
            if (running.getAsBoolean()) {
                set(wanted);
            }
        } catch (ProblemException gone) {
            LOG.debug("box={} has ended before its priority was set", id, gone);
        }
    }

    BoxPriority priority() {
        return priority;
    }

    /** It is made with this priority, or may have had it since an earlier life of the agent. */
    void assume(BoxPriority had) {
        priority = had;
    }

    synchronized void set(BoxPriority wanted) {
        if (priority != wanted) {
            runtime.setPriority(id, wanted);
            priority = wanted;
        }
    }
}
