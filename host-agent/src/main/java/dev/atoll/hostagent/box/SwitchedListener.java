package dev.atoll.hostagent.box;

import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.GuestError;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Hears a guest on behalf of whoever its box belongs to: of nobody at first, whose guest has nothing to report, and then of a sandbox.
 * Thread-safe.
 */
final class SwitchedListener implements GuestListener {
    private final CompletableFuture<Detachment> detached = new CompletableFuture<>();
    private volatile GuestListener behind;

    /** Begins with the one that hears it while it belongs to nobody. */
    SwitchedListener(GuestListener first) {
        behind = first;
    }

    /** From now on this one hears everything, and the end of the link even if it has ended already. */
    void hearFor(GuestListener listener) {
        behind = listener;
        var _ = detached.thenAccept(listener::onDetached);
    }

    /** Completes when the link has ended. */
    CompletableFuture<Detachment> detached() {
        return detached;
    }

    @Override
    public void onStarted(int exec, int pid) {
        behind.onStarted(exec, pid);
    }

    @Override
    public void onSpawnFailed(int exec, SpawnFailure failure) {
        behind.onSpawnFailed(exec, failure);
    }

    @Override
    public void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes) {
        behind.onOutput(exec, stream, offset, bytes);
    }

    @Override
    public void onOutputClosed(int exec, StdStream stream, long end) {
        behind.onOutputClosed(exec, stream, end);
    }

    @Override
    public void onInputCredit(int exec, long accepted, long limit) {
        behind.onInputCredit(exec, accepted, limit);
    }

    @Override
    public void onInputClosed(int exec, long accepted) {
        behind.onInputClosed(exec, accepted);
    }

    @Override
    public void onExit(int exec, ExitReport report) {
        behind.onExit(exec, report);
    }

    @Override
    public void onGuestError(GuestError error) {
        behind.onGuestError(error);
    }

    @Override
    public void onQuiet() {
        behind.onQuiet();
    }

    @Override
    public void onDetached(Detachment cause) {
        detached.complete(cause);
    }
}
