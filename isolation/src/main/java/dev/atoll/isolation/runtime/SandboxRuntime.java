package dev.atoll.isolation.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Boots, drives and removes boxes on this host.
 *
 * <p>Life of a box: {@link #create} boots a sentry that waits; {@link #start} lets PID 1 run, or {@link #restore} lets it
 * go on where another box was at its {@link #checkpoint}; the box ends by itself, by {@link #signal} or by
 * {@link #destroy}; {@link #destroy} removes every trace of it. A box outlives the process that made it: after a restart,
 * {@link #list} and {@link #find} tell what is there and every other call works on it.
 *
 * <p>The runtime keeps its own bundles, logs and state under its root directory; the caller owns the FIFOs, the
 * writable directory and the root filesystem that a {@link BoxSpec} names, and removes them after {@link #destroy}.
 *
 * <p><b>Threads</b>: every method may be called from any thread, also at once for different boxes. For one box the
 * caller makes one call at a time, except that {@link #awaitExit} may wait while others run and {@link #destroy} may
 * be called at any moment. All methods block; virtual threads are parked, not pinned. Interrupting a caller makes the
 * call fail; the box may then be half-made and {@link #destroy} clears it.
 *
 * <p><b>Errors</b>: a refusal or failure is a {@link dev.atoll.model.problem.ProblemException} whose problem says what
 * happened and whether a retry can help. A call for a box that this host does not have fails, except
 * {@link #destroy}, {@link #find} and {@link #awaitExit}.
 */
public interface SandboxRuntime extends AutoCloseable {

    /** What this runtime is; constant for its life. */
    RuntimeDescription describe();

    /**
     * Boots a box but does not start its PID 1. Returns when the box accepts {@link #start}. On failure the caller
     * calls {@link #destroy}; nothing has to be known about how far it got.
     */
    void create(BoxSpec spec);

    /** Starts PID 1 of a created box, once, and not after a {@link #restore}. */
    void start(BoxId id);

    /** Sends the signal {@code signo} (1–64) to PID 1 of a started box. */
    void signal(BoxId id, int signo);

    /**
     * Starts the guest binary once more inside a started box, as root and beside PID 1, with these arguments, such as {@code --files},
     * and pipes for its stdin and stdout. It ends when the service is closed, with the box, and before a {@link #checkpoint}: no image
     * holds it. When this process dies it ends too. May be called at any moment; during a checkpoint it waits.
     */
    BoxService startService(BoxId id, List<String> arguments);

    /** Stops everything inside a started box from running; its memory stays. Pausing twice is harmless. */
    void pause(BoxId id);

    /** Lets a paused box run on. Resuming a running box is harmless. */
    void resume(BoxId id);

    /**
     * Keeps the memory, the processes and the written files of a started box as they are at one moment. The box stands still
     * meanwhile and then goes on; a paused one stays paused.
     *
     * <p><b>The caller's part</b>: what lies in the box's FIFOs at that moment is swallowed, also what PID 1 had written and
     * nobody had read: it is in the image, and gone from the FIFO. So {@code GuestLink.suspend()} before, and {@code attach}
     * after, whether this succeeds or fails; no spawn between the two. What the host had written comes to the original and
     * to all that go on from the image; answers that were under way come to neither. {@code docs/guest-protocol.md} has the
     * whole of it. A process that the runtime itself started inside (PID 1 of Atoll needs none) does not go on in a clone.
     *
     * <p><b>The image</b> belongs to the caller, who removes it with {@link BoxImage#remove}. It is on the disk cache only:
     * nothing is synced. The sentry writes it, so on a tmpfs it would count as memory of the box and may end it; on disk it
     * takes as much as the box has in memory and has written.
     *
     * @param directory absolute; does not exist yet, its parent does
     * @throws dev.atoll.model.problem.ProblemException {@code disk_full} or {@code checkpoint_failed}: the box runs on and
     *     {@code directory} is removed, unless it was there before. After a timeout or an interrupt the box stands still until
     *     its sentry has done, and the disk space comes back then. {@code sandbox_not_ready}, {@code sandbox_stopped}: no such
     *     box runs, or it ended meanwhile.
     */
    BoxImage checkpoint(BoxId id, Path directory);

    /**
     * Lets a created box go on from an image, instead of {@link #start}; on return it is a started box. It has the FIFOs,
     * the writable directory, the cgroup and the id that its own {@link BoxSpec} names; the environment is that of the
     * original, the hostname that or the spec's, as builds differ: the caller tells the guest both. The time inside has
     * jumped. Paused or not, what goes on from an image runs.
     *
     * <p>The box must have been created as the original was ({@link BoxFacts}), on the same runtime, with the same content in
     * its root filesystem. The image is read only before this returns.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code checkpoint_invalid} or {@code checkpoint_incompatible}: the box
     *     was not touched, it can still be started. {@code sandbox_start_failed}: it was started or restored before, and runs
     *     on. {@code restore_failed}: the box is spoilt, every call for it but {@link #destroy}, {@link #find} and
     *     {@link #awaitExit} fails from now on; another box may succeed.
     */
    void restore(BoxId id, BoxImage image);

    /**
     * Says how a box stands towards the others from now on; for boxes that have been created or started. Takes one or two
     * writes to files of the host's kernel.
     */
    void setPriority(BoxId id, BoxPriority priority);

    /** CPU time that a box has used until now, without asking it: what it was asleep it stays. 0 where the host does not account for it. */
    long cpuNanos(BoxId id);

    /** What the host counts for a box, without asking it: what it was asleep it stays. Costs two reads of files of the kernel. */
    BoxHolding holding(BoxId id);

    /** What the writable layer of a started box takes of the host's disk, without asking it. Looks through all that the sentry has open. */
    long diskBytes(BoxId id);

    /** What a started box uses now. */
    BoxUsage usage(BoxId id);

    /** The sentry of a box, or empty when the box does not exist or its sentry is dead. */
    Optional<BoxProcess> find(BoxId id);

    /**
     * Waits until a box is gone and says how it ended; returns at once when it is already gone. Every caller gets the
     * same answer until {@link #destroy} forgets it; afterwards, and for a box never seen, the answer is
     * {@link BoxExit.Lost}.
     */
    BoxExit awaitExit(BoxId id) throws InterruptedException;

    /**
     * Ends a box if it lives and removes all that the runtime made for it: processes, mounts, cgroups, sockets, state
     * and bundle files. Works on half-made, dead and unknown boxes, and may run twice.
     */
    void destroy(BoxId id);

    /** Every box of which something exists on this host under this runtime's root, also from a previous life. */
    Set<BoxId> list();

    /** Releases this runtime's own threads and descriptors. Boxes live on. */
    @Override
    void close();
}
