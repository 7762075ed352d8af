package dev.atoll.manager.sandbox;

import dev.atoll.manager.admission.AdmissionQueue;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.placement.Placement;
import dev.atoll.manager.placement.PlacementDecision;
import dev.atoll.manager.store.ClaimedBox;
import dev.atoll.manager.store.Insertion;
import dev.atoll.manager.store.NewSandbox;
import dev.atoll.manager.store.PageRequest;
import dev.atoll.manager.store.SandboxFilter;
import dev.atoll.manager.store.SandboxPage;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.Commits;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.manager.transition.TransitionResult;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxSpec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Use cases on sandboxes. A sandbox of another workspace is answered exactly like one that does not exist. Every method throws
 * {@code database_unavailable} when the database does not answer. Thread-safe.
 */
public final class Sandboxes {
    private final SandboxStore store;
    private final SandboxTransitions transitions;
    private final Commits commits;
    private final SandboxCache cache;
    private final SandboxWaiters waiters;
    private final HostDirectory hosts;
    private final Placement placement;
    private final Images images;
    private final Draining draining;
    private final AdmissionQueue admission;
    private final EarlyClaims claims;
    private final Ids ids;
    private final Clock clock;
    private final Duration effectLease;
    private final Duration maxWait;

    /** {@code effectLease} is how long the effects of a create are left to this process before another may take them up. */
    public Sandboxes(
            SandboxStore store,
            SandboxTransitions transitions,
            Commits commits,
            SandboxCache cache,
            SandboxWaiters waiters,
            HostDirectory hosts,
            Placement placement,
            Images images,
            Draining draining,
            AdmissionQueue admission,
            Ids ids,
            Clock clock,
            Duration effectLease,
            Duration maxWait,
            MeterRegistry meters) {
        this.store = store;
        this.transitions = transitions;
        this.commits = commits;
        this.cache = cache;
        this.waiters = waiters;
        this.hosts = hosts;
        this.placement = placement;
        this.images = images;
        this.draining = draining;
        this.admission = admission;
        this.claims = new EarlyClaims(hosts, clock, meters);
        this.ids = ids;
        this.clock = clock;
        this.effectLease = effectLease;
        this.maxWait = maxWait;
    }

    /**
     * Makes a sandbox: when this answers, it is durable, has room on a host, and runs or is being prepared there. With a key that the
     * workspace has used for the same spec, the sandbox of then as it is now. With a {@code wait}, of at most
     * {@link SandboxSettings#maxWait}, answers when commands can be run in it or never will be; when no host has room, it waits for some
     * first, in turn with others. Throws {@code idempotency_conflict}, {@code sandbox_name_taken}, {@code image_not_found},
     * {@code capacity}, {@code host_unavailable} or {@code shutting_down}, having made nothing.
     */
    public Created create(Caller caller, SandboxSpec spec, Optional<IdempotencyKey> key, Duration wait) {
        return create(caller, ids.sandbox(), spec, key, () -> true, wait);
    }

    /**
     * The same under an id that the caller has from {@link Ids} and has not used before. Once {@code wanted} is false, it does not wait
     * for room any longer.
     */
    public Created create(Caller caller, SandboxId id, SandboxSpec spec, BooleanSupplier wanted, Duration wait) {
        return create(caller, id, spec, Optional.empty(), wanted, wait);
    }

    private Created create(
            Caller caller,
            SandboxId id,
            SandboxSpec spec,
            Optional<IdempotencyKey> key,
            BooleanSupplier wanted,
            Duration wait) {
        draining.requireOpen();
        images.requireKnown(spec.image());
        long end = System.nanoTime() + bounded(wait).toNanos();
        try (SandboxWaiters.Watch watch = waiters.watch(id)) {
            Created created = switch (attempt(caller, id, spec, key, true)) {
                case Attempt.Made(Created made) -> made;
                case Attempt.NoRoom(PlacementDecision.Unplaceable why) ->
                    admitted(caller, id, spec, key, wanted, bounded(wait))
                            .orElseThrow(() -> why.asProblem().asException());
            };
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (!wait.isPositive() || !left.isPositive()) {
                return created;
            }
            if (created.replayed()) {
                return new Created(await(caller, created.sandbox().id(), Until.RUNNING, left), true);
            }
            return CallTimes.waiting(() -> watch.await(created.sandbox(), Until.RUNNING::isMetBy, left))
                    .map(seen -> new Created(seen, false))
                    .orElse(created);
        }
    }

    private Optional<Created> admitted(
            Caller caller,
            SandboxId id,
            SandboxSpec spec,
            Optional<IdempotencyKey> key,
            BooleanSupplier wanted,
            Duration patience) {
        if (!patience.isPositive() || !placement.couldEverFit(spec, hosts.candidates())) {
            return Optional.empty();
        }
        return CallTimes.waiting(() -> admission.await(spec.size(), patience, wanted, () -> {
            draining.requireOpen();
            return switch (attempt(caller, id, spec, key, false)) {
                case Attempt.Made(Created created) -> Optional.of(created);
                case Attempt.NoRoom _ -> Optional.empty();
            };
        }));
    }

    private Duration bounded(Duration wait) {
        return wait.compareTo(maxWait) > 0 ? maxWait : wait;
    }

    /** What one try came to. */
    private sealed interface Attempt {
        record Made(Created created) implements Attempt {}

        record NoRoom(PlacementDecision.Unplaceable why) implements Attempt {}
    }

    /** {@code early}: with a box that is taken first, if one is ready. */
    private Attempt attempt(
            Caller caller, SandboxId id, SandboxSpec spec, Optional<IdempotencyKey> key, boolean early) {
        Instant now = clock.instant();
        Sandbox requested = Sandbox.requested(id, caller.workspace(), spec, now);
        List<HostCandidate> candidates = hosts.candidates();
        Optional<ClaimedBox> claimed = early ? claims.take(requested, candidates) : Optional.empty();
        NewSandbox wanted = new NewSandbox(
                requested,
                key.map(given -> new KeyedRequest(given, hash(spec))),
                candidates,
                now.plus(effectLease),
                claimed);
        return switch (insert(wanted)) {
            case Insertion.Inserted inserted -> {
                commits.announce(
                        new Commit(Optional.empty(), inserted.sandbox(), inserted.effects(), CallTimes.current()));
                yield new Attempt.Made(new Created(inserted.sandbox(), false));
            }
            case Insertion.Replayed replayed -> new Attempt.Made(new Created(replayed.sandbox(), true));
            case Insertion.KeyConflict conflict ->
                throw Problem.of(
                                ProblemCode.IDEMPOTENCY_CONFLICT,
                                "This Idempotency-Key was used for another request.",
                                "Use a new key for a new request.")
                        .asException();
            case Insertion.NameTaken taken ->
                throw Problem.of(
                                ProblemCode.SANDBOX_NAME_TAKEN,
                                "Another live sandbox has the name '"
                                        + spec.name().orElse("") + "'.",
                                "Choose another name, leave it out, or delete the other sandbox.")
                        .withNext("GET /v1/sandboxes")
                        .asException();
            case Insertion.NotPlaced notPlaced -> new Attempt.NoRoom(notPlaced.why());
        };
    }

    /** A box that was taken for what is not made then is given back. */
    private Insertion insert(NewSandbox wanted) {
        Insertion done;
        try {
            done = store.insert(wanted, placement);
        } catch (RuntimeException e) {
            wanted.claimed().ifPresent(box -> claims.leave(wanted.requested()));
            throw e;
        }
        if (!(done instanceof Insertion.Inserted)) {
            wanted.claimed().ifPresent(box -> claims.giveBack(wanted.requested(), box));
        }
        return done;
    }

    /** Throws {@code sandbox_not_found}. */
    public Sandbox get(Caller caller, SandboxId id) {
        return owned(caller, id, store.find(id));
    }

    /**
     * The sandbox once {@code until} is met, or as it is when {@code wait} (at most {@link SandboxSettings#maxWait}) is over. Throws
     * {@code sandbox_not_found}, or {@code shutting_down} when the thread is interrupted.
     */
    public Sandbox await(Caller caller, SandboxId id, Until until, Duration wait) {
        // A stranger's sandbox is not waited for: how long the answer takes would tell that it exists.
        return owned(
                caller,
                id,
                CallTimes.waiting(() -> waiters.await(
                        id,
                        seen -> !seen.workspace().equals(caller.workspace()) || until.isMetBy(seen),
                        bounded(wait))));
    }

    /** The workspace's sandboxes, the newest first. Throws {@code invalid_cursor}. */
    public SandboxPage list(Caller caller, SandboxFilter filter, PageRequest page) {
        return store.list(caller.workspace(), filter, page);
    }

    /**
     * Asks for its end, and answers the sandbox as it then is: stopping or ended, or ended after a {@code wait}. Asking again is harmless.
     * Throws {@code sandbox_not_found}.
     */
    public Sandbox stop(Caller caller, SandboxId id, Duration wait) {
        Sandbox known = owned(caller, id, cache.find(id));
        SandboxEvent event = new SandboxEvent.StopRequested(EndReason.CANCELED);
        try (SandboxWaiters.Watch watch = waiters.watch(id)) {
            Sandbox stopping = switch (transitions.applyKnowing(known, event, OptionalLong.empty())) {
                case TransitionResult.Moved moved -> moved.sandbox();
                case TransitionResult.Unchanged unchanged -> unchanged.sandbox();
                case TransitionResult.Refused refused -> throw refused.problem().asException();
                case TransitionResult.Absent absent -> throw notFound(id);
            };
            return wait.isPositive()
                    ? CallTimes.waiting(() -> watch.await(stopping, Until.STOPPED::isMetBy, bounded(wait)))
                            .orElse(stopping)
                    : stopping;
        }
    }

    private static Sandbox owned(Caller caller, SandboxId id, Optional<Sandbox> found) {
        return found.filter(sandbox -> sandbox.workspace().equals(caller.workspace()))
                .orElseThrow(() -> notFound(id));
    }

    static RuntimeException notFound(SandboxId id) {
        return Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "There is no sandbox " + id + ".", "List those there are.")
                .withNext("GET /v1/sandboxes")
                .asException();
    }

    private static RequestHash hash(SandboxSpec spec) {
        List<String> parts = new ArrayList<>(List.of(
                spec.name().orElse(""),
                spec.image().value(),
                Long.toString(spec.size().cpu().millis()),
                Long.toString(spec.size().memory().bytes()),
                Long.toString(spec.size().disk().bytes()),
                Integer.toString(spec.size().pids()),
                Boolean.toString(spec.warm()),
                Long.toString(spec.ttl().toMillis())));
        for (Map<String, String> map : List.of(spec.env(), spec.labels())) {
            parts.add(Integer.toString(map.size()));
            new TreeMap<>(map).forEach((name, value) -> {
                parts.add(name);
                parts.add(value);
            });
        }
        spec.idle()
                .ifPresent(idle ->
                        parts.addAll(List.of("idle", idle.after().toString(), Boolean.toString(idle.processes()))));
        return RequestHash.of("createSandbox", parts);
    }
}
