package dev.atoll.manager.event;

import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes those who wait for events when this process has written one. What other processes write is not heard here. Thread-safe. */
public final class EventBell implements CommitListener {
    private final Set<Ear> ears = ConcurrentHashMap.newKeySet();

    @Override
    public void committed(Commit commit) {
        ring(commit.sandbox().id(), commit.sandbox().workspace());
    }

    /** Something happened to a sandbox. Never blocks. */
    public void ring(SandboxId sandbox, WorkspaceId workspace) {
        for (Ear ear : ears) {
            if (ear.workspace.equals(workspace)
                    && ear.sandbox.filter(only -> !only.equals(sandbox)).isEmpty()) {
                ear.rung.release();
            }
        }
    }

    /** Calls that wait. */
    public int size() {
        return ears.size();
    }

    /** Begins to hear of a sandbox, or of all of a workspace. Whoever looks into the log begins before. */
    Ear listen(WorkspaceId workspace, Optional<SandboxId> sandbox) {
        Ear ear = new Ear(workspace, sandbox);
        ears.add(ear);
        return ear;
    }

    /** One call that hears. For one thread. */
    final class Ear implements AutoCloseable {
        private final WorkspaceId workspace;
        private final Optional<SandboxId> sandbox;
        private final Semaphore rung = new Semaphore(0);

        private Ear(WorkspaceId workspace, Optional<SandboxId> sandbox) {
            this.workspace = workspace;
            this.sandbox = sandbox;
        }

        /** Whether something happened since the last call, or does within the time. */
        boolean await(long nanos) throws InterruptedException {
            boolean heard = rung.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            rung.drainPermits();
            return heard;
        }

        @Override
        public void close() {
            ears.remove(this);
        }
    }
}
