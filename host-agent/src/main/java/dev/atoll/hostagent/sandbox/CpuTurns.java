package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxPriority;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Lets sandboxes that have wanted CPU for long give way to those that want it now and then. An exec is some two hundred switches between
 * threads, and among threads that never sleep each of them may wait for the end of a time slice: with more such sandboxes than cores,
 * an exec of 5 ms takes half a second. It is the idea of multilevel feedback queues (Corbató and others, 1962): who uses up his turns goes
 * down; who has not come to much comes up again, be it that he wanted little or that he got little, so nobody starves.
 *
 * <p>{@link #look} is to be called every half second, by whichever thread.
 */
public final class CpuTurns {
    /** Of the CPU that a sandbox was made with. */
    private static final double MUCH = 0.45;

    private static final double LITTLE = 0.1;

    /** How many looks in a row it must have used much. */
    private static final int LOOKS = 2;

    private static final double NANOS_PER_MILLI_CORE = 1e6;

    private final SandboxHost sandboxes;
    private final LongSupplier nanos;
    private Map<BoxId, Use> known = new HashMap<>();
    private long lookedAt;

    private record Use(long cpuNanos, int looksOfMuch) {}

    /** {@code nanos} is a monotonic clock. */
    public CpuTurns(SandboxHost sandboxes, LongSupplier nanos) {
        this.sandboxes = sandboxes;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong();
    }

    /** Looks once at all that run. */
    public synchronized void look() {
        long now = nanos.getAsLong();
        double seconds = (now - lookedAt) / 1e9;
        Map<BoxId, Use> seen = new HashMap<>();
        for (SandboxOwner owner : sandboxes.owners()) {
            owner.runningBox().ifPresent(box -> seen.put(box.id(), look(box, seconds)));
        }
        known = seen;
        lookedAt = now;
    }

    private Use look(HostedBox box, double seconds) {
        long cpuNanos = box.standing().cpuNanos();
        Use before = known.get(box.id());
        if (before == null || seconds <= 0) {
            return new Use(cpuNanos, 0);
        }
        double full = box.template().size().cpu().millis() * NANOS_PER_MILLI_CORE * seconds;
        double share = (cpuNanos - before.cpuNanos()) / full;
        int looks = share >= MUCH ? before.looksOfMuch() + 1 : 0;
        if (looks >= LOOKS) {
            box.standing().give(BoxPriority.YIELDING);
        } else if (share < LITTLE) {
            box.standing().give(BoxPriority.NORMAL);
        }
        return new Use(cpuNanos, Math.min(looks, LOOKS));
    }
}
