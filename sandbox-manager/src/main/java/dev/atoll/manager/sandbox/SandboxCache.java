package dev.atoll.manager.sandbox;

import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Running sandboxes as this process last saw them, so that an exec finds its host without the database. Commits of this process are seen at
 * once; those of others after {@link SandboxSettings#cacheFor} at the latest, and no harm is done before: the host knows what it has.
 * Thread-safe.
 */
public final class SandboxCache implements CommitListener {
    private record Entry(Sandbox sandbox, Instant until) {}

    private final SandboxStore store;
    private final Clock clock;
    private final SandboxSettings settings;
    private final Map<SandboxId, Entry> entries = new ConcurrentHashMap<>();

    public SandboxCache(SandboxStore store, Clock clock, SandboxSettings settings) {
        this.store = store;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public void committed(Commit commit) {
        keep(commit.sandbox());
    }

    /** The sandbox, possibly a little old when it is running. */
    public Optional<Sandbox> find(SandboxId id) {
        Entry entry = entries.get(id);
        if (entry != null && clock.instant().isBefore(entry.until())) {
            return Optional.of(entry.sandbox());
        }
        return findFresh(id);
    }

    /** The sandbox as the store has it now. */
    public Optional<Sandbox> findFresh(SandboxId id) {
        Optional<Sandbox> found = store.find(id);
        found.ifPresentOrElse(this::keep, () -> entries.remove(id));
        return found;
    }

    private void keep(Sandbox sandbox) {
        if (entries.size() >= settings.cacheSize()) {
            makeRoom();
        }
        Entry fresh = new Entry(sandbox, clock.instant().plus(settings.cacheFor()));
        // A slow reader must not put back an older generation. Only running ones stay: the others change soon, or are
        // not asked for often.
        entries.compute(sandbox.id(), (id, old) -> {
            Entry newest = old != null && old.sandbox().generation() > sandbox.generation() ? old : fresh;
            return newest.sandbox().state() == SandboxState.RUNNING ? newest : null;
        });
    }

    /** Lets go of what is old, or of everything when nothing is. */
    private void makeRoom() {
        Instant now = clock.instant();
        entries.values().removeIf(entry -> !now.isBefore(entry.until()));
        if (entries.size() >= settings.cacheSize()) {
            entries.clear();
        }
    }
}
