package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * One control group per box, at {@code /atoll/<box id>} or below another parent.
 *
 * <p>A box boots inside what it is told it has (memory equal to the request, at least two cores), because runsc reads
 * these figures once at boot and shows them inside. {@link #settle} then puts the enforced limits in force.
 *
 * <p>Thread safe for different boxes. Every method may run twice.
 */
public interface BoxCgroups {

    /** The path below each hierarchy's root, as runsc's spec wants it. */
    String pathOf(BoxId id);

    /** Where the groups are that CPU time is shared out by. */
    CpuHierarchy cpuHierarchy();

    /** Makes the group with the limits of the boot. */
    void create(BoxId id, BoxLimits limits, BoxPriority priority) throws IOException;

    /**
     * Lets {@code runsc create}, which runs as {@code pid}, join the group without waiting for the kernel. False when nothing is
     * gained by calling this again; otherwise it is to be called every few milliseconds until that process has ended. The pid
     * has to be its own for so long, so whoever collects it calls this.
     *
     * <p>On version 1 whoever moves a process takes a lock of the whole host. Taking it costs a grace period of RCU, p50 11, p95 20
     * ms, except within one grace period after it was released. runsc takes it twice, when it goes to the group to start the
     * sentry there and when it comes back, and stands still both times. Moving it meanwhile makes those waits ours, beside its
     * own work: 11 of 70 ms less for a boot (kernel 6.18, n = 30, interleaved). On version 2 nothing is moved.
     */
    boolean hastenJoining(BoxId id, long pid);

    /** Sets the group's weight for CPU time; one or two writes. */
    void setPriority(BoxId id, BoxLimits limits, BoxPriority priority) throws IOException;

    /** Enforces request and headroom of memory, for a box that has booted. */
    void settleMemory(BoxId id, BoxLimits limits) throws IOException;

    /** Enforces the CPU quota, for a box that has started. */
    void settleCpu(BoxId id, BoxLimits limits) throws IOException;

    /** The pids of the processes in the group, without zombies; empty when there is no group. */
    List<Long> processes(BoxId id) throws IOException;

    /** What the kernel tells about memory in this group; {@link MemoryEvents#NONE} when there is no group. */
    MemoryEvents memoryEvents(BoxId id) throws IOException;

    /** What the kernel tells about tasks in this group; {@link TaskEvents#NONE} when there is no group. */
    TaskEvents taskEvents(BoxId id) throws IOException;

    /** CPU time used by the group so far, in nanoseconds; 0 when there is no group. */
    long cpuNanos(BoxId id) throws IOException;

    /** Memory that the kernel counts for the group now, in bytes; 0 when there is no group. */
    long memoryBytes(BoxId id) throws IOException;

    /** Removes the group, which must have no living process. */
    void remove(BoxId id) throws IOException;

    /** The boxes that have a group, or what is left of one. */
    Set<BoxId> list() throws IOException;

    /**
     * Removes the parent of all boxes' groups where it has none, and no platform ({@link PlatformCgroup}); the next {@link #create} makes
     * it again.
     */
    void removeEmptyParent() throws IOException;
}
