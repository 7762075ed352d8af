package dev.atoll.manager.store;

import dev.atoll.manager.placement.Placement;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A store with something that happens before and after each insert is committed: it may take long, or throw. */
public final class TroubledStore implements SandboxStore {
    private final SandboxStore store;
    private Runnable before = () -> {};
    private Runnable after = () -> {};

    public TroubledStore(SandboxStore store) {
        this.store = store;
    }

    public void beforeInserts(Runnable what) {
        before = what;
    }

    public void afterInserts(Runnable what) {
        after = what;
    }

    @Override
    public Insertion insert(NewSandbox sandbox, Placement placement) {
        before.run();
        Insertion done = store.insert(sandbox, placement);
        after.run();
        return done;
    }

    @Override
    public Optional<List<PendingEffect>> commit(Change change) {
        return store.commit(change);
    }

    @Override
    public Optional<Sandbox> find(SandboxId id) {
        return store.find(id);
    }

    @Override
    public SandboxPage list(WorkspaceId workspace, SandboxFilter filter, PageRequest page) {
        return store.list(workspace, filter, page);
    }

    @Override
    public List<Sandbox> liveOn(HostId host) {
        return store.liveOn(host);
    }

    @Override
    public Optional<Instant> nextExpiry() {
        return store.nextExpiry();
    }

    @Override
    public List<Sandbox> expired(Instant now, int limit) {
        return store.expired(now, limit);
    }

    @Override
    public int forgetEnded(Instant endedBefore, int limit) {
        return store.forgetEnded(endedBefore, limit);
    }
}
