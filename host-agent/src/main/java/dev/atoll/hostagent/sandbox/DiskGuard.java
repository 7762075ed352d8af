package dev.atoll.hostagent.sandbox;

import dev.atoll.model.sandbox.EndReason;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sandbox that has written the most when the host's disk is about to be full, so that the others and the platform live on.
 * {@link #check} is to be called every second: at 1 GB/s a disk filler then takes less than half of what {@link DiskRoom} keeps back.
 */
public final class DiskGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

    /** Who has written less is not to blame, and its end would not help. */
    private static final long LEAST_BYTES = 16L << 20;

    private final DiskRoom room;
    private final SandboxHost sandboxes;

    public DiskGuard(DiskRoom room, SandboxHost sandboxes) {
        this.room = room;
        this.sandboxes = sandboxes;
    }

    private record Writer(SandboxOwner owner, long bytes) {}

    /** Looks once. */
    public void check() {
        if (!room.isEmergency()) {
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
