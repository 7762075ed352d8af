package dev.atoll.manager.run;

import dev.atoll.model.id.RunId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs in memory, as {@link PostgresRunStore} keeps them. */
public final class InMemoryRunStore implements RunStore {
    private final Map<RunId, StoredRun> runs = new LinkedHashMap<>();
    private final Map<RunId, Instant> claims = new LinkedHashMap<>();

    @Override
    public synchronized Optional<StoredRun> insert(StoredRun run, Instant claimedUntil) {
        Optional<StoredRun> earlier = runs.values().stream()
                .filter(other -> other.workspace().equals(run.workspace()))
                .filter(other -> run.keyed().isPresent()
                        && other.keyed().isPresent()
                        && other.keyed().get().key().equals(run.keyed().get().key()))
                .findFirst();
        if (earlier.isEmpty()) {
            runs.put(run.id(), run);
            claims.put(run.id(), claimedUntil);
        }
        return earlier;
    }

    @Override
    public synchronized Optional<StoredRun> find(WorkspaceId workspace, RunId id) {
        return Optional.ofNullable(runs.get(id)).filter(run -> run.workspace().equals(workspace));
    }

    @Override
    public synchronized void end(RunId id, String outcome, Instant now, boolean freeKey) {
        runs.computeIfPresent(
                id,
                (same, run) -> run.endedAt().isPresent()
                        ? run
                        : new StoredRun(
                                id,
                                run.workspace(),
                                run.sandbox(),
                                freeKey ? Optional.empty() : run.keyed(),
                                run.hash(),
                                Optional.empty(),
                                Optional.of(outcome),
                                run.createdAt(),
                                Optional.of(now),
                                run.cancelAsked()));
    }

    @Override
    public synchronized Optional<StoredRun> askCancel(WorkspaceId workspace, RunId id, Instant now) {
        find(workspace, id)
                .filter(run -> run.endedAt().isEmpty())
                .ifPresent(run -> runs.put(
                        id,
                        new StoredRun(
                                id,
                                workspace,
                                run.sandbox(),
                                run.keyed(),
                                run.hash(),
                                run.request(),
                                run.outcome(),
                                run.createdAt(),
                                run.endedAt(),
                                true)));
        return find(workspace, id);
    }

    @Override
    public synchronized List<RunId> renew(Collection<RunId> ids, Instant claimedUntil) {
        ids.forEach(id -> claims.replace(id, claimedUntil));
        return ids.stream()
                .filter(id -> runs.containsKey(id) && runs.get(id).cancelAsked())
                .filter(id -> runs.get(id).endedAt().isEmpty())
                .toList();
    }

    @Override
    public synchronized void releaseAll(Instant now) {
        claims.replaceAll((id, until) -> now);
    }

    @Override
    public synchronized List<StoredRun> take(Instant now, Instant claimedUntil, int limit) {
        List<StoredRun> taken = runs.values().stream()
                .filter(run -> run.endedAt().isEmpty() && !claims.get(run.id()).isAfter(now))
                .sorted(Comparator.comparing(StoredRun::createdAt))
                .limit(limit)
                .toList();
        taken.forEach(run -> claims.put(run.id(), claimedUntil));
        return taken;
    }

    @Override
    public synchronized int forgetEnded(Instant endedBefore, int limit) {
        List<RunId> old = new ArrayList<>(runs.values().stream()
                .filter(run -> run.endedAt().filter(endedBefore::isAfter).isPresent())
                .limit(limit)
                .map(StoredRun::id)
                .toList());
        old.forEach(runs::remove);
        return old.size();
    }
}
