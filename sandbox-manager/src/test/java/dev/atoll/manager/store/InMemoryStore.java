package dev.atoll.manager.store;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.placement.Placement;
import dev.atoll.manager.placement.PlacementDecision;
import dev.atoll.manager.placement.Reservation;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.sandbox.Decision;
import dev.atoll.model.sandbox.Effect;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The store in memory, with the promises of the one in Postgres: one monitor in place of its transactions. */
public final class InMemoryStore implements SandboxStore, EffectQueue, KeyedRequests {
    private record QueuedEffect(PendingEffect effect, Instant notBefore) {}

    private record KeyUse(RequestHash hash, Optional<SandboxId> sandbox, Instant at, boolean finished) {}

    private record KeyName(WorkspaceId workspace, IdempotencyKey key) {}

    private final Map<SandboxId, Sandbox> sandboxes = new HashMap<>();
    private final InMemoryEvents events = new InMemoryEvents(this::find);
    private final InMemoryTimes times = new InMemoryTimes(sandboxes, events, this);
    private final TreeMap<Long, QueuedEffect> outbox = new TreeMap<>();
    private final Map<KeyName, KeyUse> keys = new HashMap<>();
    private long lastSeq;

    @Override
    public synchronized Insertion insert(NewSandbox wanted, Placement placement) {
        Sandbox requested = wanted.requested();
        Optional<KeyUse> used = wanted.keyed()
                .flatMap(keyed -> Optional.ofNullable(keys.get(new KeyName(requested.workspace(), keyed.key()))));
        if (used.isPresent()) {
            boolean same = used.get().hash().equals(wanted.keyed().orElseThrow().hash());
            Optional<Sandbox> earlier = used.get().sandbox().map(sandboxes::get).filter(found -> same);
            return earlier.<Insertion>map(Insertion.Replayed::new).orElseGet(Insertion.KeyConflict::new);
        }
        return switch (placement.choose(requested.spec(), wanted.candidates(), reservations())) {
            case PlacementDecision.Unplaceable unplaceable -> new Insertion.NotPlaced(unplaceable);
            case PlacementDecision.Placed placed -> insertPlaced(wanted, placed.host());
        };
    }

    private Insertion insertPlaced(NewSandbox wanted, HostId host) {
        Sandbox requested = wanted.requested();
        boolean nameTaken = requested.spec().name().isPresent()
                && live().anyMatch(other -> other.workspace().equals(requested.workspace())
                        && other.spec().name().equals(requested.spec().name()));
        if (nameTaken) {
            return new Insertion.NameTaken();
        }
        List<Decision.Advance> steps = wanted.beginningOn(host);
        Decision.Advance last = steps.getLast();
        wanted.keyed()
                .ifPresent(keyed -> keys.put(
                        new KeyName(requested.workspace(), keyed.key()),
                        new KeyUse(keyed.hash(), Optional.of(requested.id()), requested.createdAt(), true)));
        sandboxes.put(requested.id(), last.next());
        steps.forEach(step -> events.moved(step.next()));
        return new Insertion.Inserted(last.next(), queue(last.next(), last.effects(), wanted.effectsNotBefore()));
    }

    @Override
    public synchronized Optional<List<PendingEffect>> commit(Change change) {
        Sandbox next = change.next();
        Sandbox current = sandboxes.get(next.id());
        if (current == null || current.generation() != next.generation() - 1) {
            return Optional.empty();
        }
        sandboxes.put(next.id(), InMemoryTimes.keptTimes(next, current));
        events.moved(next);
        change.completes().ifPresent(outbox::remove);
        return Optional.of(queue(next, change.effects(), change.effectsNotBefore()));
    }

    private List<PendingEffect> queue(Sandbox sandbox, List<Effect> effects, Instant notBefore) {
        List<PendingEffect> queued = new ArrayList<>();
        for (Effect effect : effects) {
            PendingEffect pending = new PendingEffect(++lastSeq, sandbox.id(), sandbox.generation(), effect);
            outbox.put(pending.seq(), new QueuedEffect(pending, notBefore));
            queued.add(pending);
        }
        return queued;
    }

    @Override
    public synchronized Optional<Sandbox> find(SandboxId id) {
        return Optional.ofNullable(sandboxes.get(id));
    }

    @Override
    public synchronized SandboxPage list(WorkspaceId workspace, SandboxFilter filter, PageRequest page) {
        Optional<PageCursor> after = page.cursor().map(PageCursor::read);
        Comparator<PageCursor> oldestFirst = Comparator.comparing(PageCursor::createdAt)
                .thenComparing(cursor -> cursor.id().value());
        Predicate<Sandbox> beyondCursor =
                sandbox -> after.isEmpty() || oldestFirst.compare(PageCursor.of(sandbox), after.get()) < 0;
        List<Sandbox> oneMore = sandboxes.values().stream()
                .filter(sandbox -> sandbox.workspace().equals(workspace))
                .filter(sandbox ->
                        filter.state().map(state -> sandbox.state() == state).orElse(true))
                .filter(sandbox -> sandbox.spec()
                        .labels()
                        .entrySet()
                        .containsAll(filter.labels().entrySet()))
                .filter(beyondCursor)
                .sorted(Comparator.comparing(PageCursor::of, oldestFirst.reversed()))
                .limit(page.limit() + 1L)
                .toList();
        return SandboxPages.cut(oneMore, page.limit());
    }

    @Override
    public synchronized List<Sandbox> liveOn(HostId host) {
        return live().filter(sandbox -> sandbox.host().filter(host::equals).isPresent())
                .toList();
    }

    @Override
    public synchronized Optional<Instant> nextExpiry() {
        return unwantedEnds().map(times::nextLook).min(Comparator.naturalOrder());
    }

    @Override
    public synchronized List<Sandbox> expired(Instant now, int limit) {
        return unwantedEnds()
                .filter(sandbox -> !sandbox.expiresAt().isAfter(now))
                .sorted(Comparator.comparing(Sandbox::expiresAt))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized int forgetEnded(Instant endedBefore, int limit) {
        List<SandboxId> old = sandboxes.values().stream()
                .filter(sandbox ->
                        sandbox.endedAt().filter(endedBefore::isAfter).isPresent())
                .limit(limit)
                .map(Sandbox::id)
                .toList();
        keys.values().removeIf(use -> use.sandbox().filter(old::contains).isPresent());
        old.forEach(sandboxes::remove);
        return old.size();
    }

    @Override
    public synchronized int forgetUsed(Instant usedBefore, int limit) {
        List<KeyName> old = keys.entrySet().stream()
                .filter(entry -> entry.getValue().at().isBefore(usedBefore))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(keys::remove);
        return old.size();
    }

    @Override
    public synchronized List<PendingEffect> claim(Instant now, Instant leaseUntil, int limit) {
        List<PendingEffect> due = outbox.values().stream()
                .filter(queued -> !queued.notBefore().isAfter(now))
                .limit(limit)
                .map(QueuedEffect::effect)
                .toList();
        due.forEach(effect -> outbox.put(effect.seq(), new QueuedEffect(effect, leaseUntil)));
        return due;
    }

    @Override
    public synchronized void renew(Collection<Long> seqs, Instant leaseUntil) {
        seqs.forEach(
                seq -> outbox.computeIfPresent(seq, (same, queued) -> new QueuedEffect(queued.effect(), leaseUntil)));
    }

    @Override
    public synchronized void drop(long seq) {
        outbox.remove(seq);
    }

    @Override
    public synchronized void releaseAll(Instant now) {
        outbox.replaceAll(
                (seq, queued) -> queued.notBefore().isAfter(now) ? new QueuedEffect(queued.effect(), now) : queued);
    }

    @Override
    public synchronized int reissueMissing(Instant now) {
        List<Sandbox> missing = live().filter(sandbox -> sandbox.host().isPresent())
                .filter(sandbox ->
                        sandbox.state() == SandboxState.PREPARING || sandbox.state() == SandboxState.STOPPING)
                .filter(sandbox -> outbox.values().stream().noneMatch(queued -> belongsTo(queued.effect(), sandbox)))
                .toList();
        for (Sandbox sandbox : missing) {
            HostId host = sandbox.host().orElseThrow();
            Effect effect = sandbox.state() == SandboxState.PREPARING
                    ? new Effect.PrepareOnHost(host)
                    : new Effect.StopOnHost(host);
            queue(sandbox, List.of(effect), now);
        }
        return missing.size();
    }

    private static boolean belongsTo(PendingEffect effect, Sandbox sandbox) {
        return effect.sandbox().equals(sandbox.id()) && effect.generation() == sandbox.generation();
    }

    @Override
    public synchronized Claim claim(WorkspaceId workspace, KeyedRequest request, Instant now) {
        KeyName name = new KeyName(workspace, request.key());
        KeyUse used = keys.putIfAbsent(name, new KeyUse(request.hash(), Optional.empty(), now, false));
        if (used == null) {
            return Claim.FIRST;
        }
        if (!used.hash().equals(request.hash())) {
            return Claim.CONFLICT;
        }
        return used.finished() ? Claim.REPEATED : Claim.UNFINISHED;
    }

    @Override
    public synchronized void finish(WorkspaceId workspace, KeyedRequest request) {
        keys.computeIfPresent(
                new KeyName(workspace, request.key()),
                (name, used) -> used.hash().equals(request.hash())
                        ? new KeyUse(used.hash(), used.sandbox(), used.at(), true)
                        : used);
    }

    @Override
    public synchronized void release(WorkspaceId workspace, KeyedRequest request) {
        keys.computeIfPresent(
                new KeyName(workspace, request.key()),
                (name, used) ->
                        used.hash().equals(request.hash()) && used.sandbox().isEmpty() ? null : used);
    }

    public EventStore events() {
        return events;
    }

    public SandboxTimes times() {
        return times;
    }

    /** Every effect that is queued, for tests that look behind the port. */
    public synchronized List<PendingEffect> queued() {
        return outbox.values().stream().map(QueuedEffect::effect).toList();
    }

    /** Every sandbox, for tests that look behind the port. */
    public synchronized List<Sandbox> all() {
        return List.copyOf(sandboxes.values());
    }

    private Stream<Sandbox> live() {
        return sandboxes.values().stream().filter(sandbox -> !sandbox.state().isTerminal());
    }

    private Stream<Sandbox> unwantedEnds() {
        return live().filter(sandbox -> sandbox.state() != SandboxState.STOPPING);
    }

    private Map<HostId, Reservation> reservations() {
        Map<HostId, Reservation> sums = new HashMap<>();
        live().forEach(sandbox -> sums.merge(
                sandbox.host().orElseThrow(),
                new Reservation(
                        sandbox.spec().size().cpu().millis(),
                        sandbox.spec().size().memory().bytes(),
                        1),
                Reservation::plus));
        return sums;
    }
}
