package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.retained.RetainedSandboxes;
import dev.atoll.model.sandbox.EndReason;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the host's disk is about to be full, lets go of what ended sandboxes said, and if that does not do, ends the sandbox that has
 * written the most, so that the others and the platform live on.
 * {@link #check} is to be called every second: at 1 GB/s a disk filler then takes less than half of what {@link DiskRoom} keeps back.
 */
public final class DiskGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

    /** Who has written less is not to blame, and its end would not help. */
    private static final long LEAST_BYTES = 16L << 20;

    private final DiskRoom room;
    /** How much of what ended sandboxes said is given up at a time: what a disk filler writes until the next look. */
    private static final long RELIEF_BYTES = 1L << 30;

    private final SandboxHost sandboxes;
    private final RetainedSandboxes retained;

    public DiskGuard(DiskRoom room, SandboxHost sandboxes, RetainedSandboxes retained) {
        this.room = room;
        this.sandboxes = sandboxes;
        this.retained = retained;
    }

    private record Writer(SandboxOwner owner, long bytes) {}

    /** Looks once. */
    public void check() {
        if (!room.isEmergency()) {
            return;
        }
        if (retained.relieve(RELIEF_BYTES) && !room.isEmergency()) {
            LOG.warn("the disk was nearly full: what ended sandboxes said was let go, the oldest first");
            return;
        }
        Optional<Writer> most = sandboxes.owners().stream()
                .map(owner -> new Writer(owner, owner.diskBytes()))
                .filter(writer -> writer.bytes() >= LEAST_BYTES)
                .max(Comparator.comparingLong(Writer::bytes));
        if (most.isEmpty()) {
            LOG.error("the disk is nearly full, and no sandbox has written much: something else fills it");
            return;
        }
        long mebibytes = most.get().bytes() >> 20;
        LOG.warn(
                "sandbox={} is ended: the disk is nearly full, and it wrote {} MiB",
                most.get().owner().sandbox(),
                mebibytes);
        most.get()
                .owner()
                .end(new SandboxEnd(
                        EndReason.DISK_FULL,
                        "The host's disk was nearly full, and this sandbox had written the most of all: " + mebibytes
                                + " MiB.",
                        false));
    }
}
