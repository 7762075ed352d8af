package dev.atoll.hostagent.box;

import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.GuestError;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.model.exec.StdStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears a guest that belongs to nobody yet, and lets it start one process of ours, which ends at once. The first process in a box takes
 * 3 ms longer than the next ones, as gVisor makes then what it keeps; a box that is made ahead of need has that behind it, and has shown
 * that it works. Nothing of the image runs.
 */
final class Rehearsal implements GuestListener {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final SpawnRequest COMMAND = SpawnRequest.of(Map.of(), BoxSpec.GUEST_PATH, "--rehearsal");

    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();

    /**
     * Runs the process to its end and forgets it.
     *
     * @throws IOException the link has ended, or the process did not start or not end well
     */
    void run(GuestLink link, Duration timeout) throws IOException, TimeoutException, InterruptedException {
        link.spawnAwaited(GuestLink.REHEARSAL, COMMAND);
        try {
            ExitStatus status = ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (!status.equals(new ExitStatus.Exited(0))) {
                throw new IOException("the rehearsal ended with " + status);
            }
        } catch (ExecutionException e) {
            throw new IOException("the rehearsal failed", e.getCause());
        }
        link.acknowledgeExit(GuestLink.REHEARSAL);
    }

    @Override
    public void onExit(int exec, ExitReport report) {
        ended.complete(report.status());
    }

    @Override
    public void onSpawnFailed(int exec, SpawnFailure failure) {
        ended.completeExceptionally(new IOException("it did not start: " + failure));
    }

    @Override
    public void onDetached(Detachment cause) {
        ended.completeExceptionally(new IOException("the link to the guest ended: " + cause));
    }

    @Override
    public void onGuestError(GuestError error) {
        LOG.warn("a guest that waits dropped a frame: {}", error);
    }

    @Override
    public void onStarted(int exec, int pid) {}

    @Override
    public void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes) {}

    @Override
    public void onOutputClosed(int exec, StdStream stream, long end) {}

    @Override
    public void onInputCredit(int exec, long accepted, long limit) {}

    @Override
    public void onInputClosed(int exec, long accepted) {}
}
