package dev.atoll.manager.transition;

import dev.atoll.manager.store.Change;
import dev.atoll.manager.store.PendingEffect;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.manager.transition.TransitionResult.Absent;
import dev.atoll.manager.transition.TransitionResult.Moved;
import dev.atoll.manager.transition.TransitionResult.Refused;
import dev.atoll.manager.transition.TransitionResult.Unchanged;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.Decision;
import dev.atoll.model.sandbox.Lifecycle;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The one way in which a sandbox changes after it was made: load, decide, commit if nobody else did in between, announce. Thread-safe; two
 * events for one sandbox are decided one after the other, each on the state that the other left.
 */
public final class SandboxTransitions {
    /** A sandbox has few writers, each with few events: whoever loses this often is up against a bug. */
    private static final int MAX_ATTEMPTS = 20;

    private final SandboxStore store;
    private final Commits commits;
    private final Clock clock;
    private final Duration effectLease;

    /** {@code effectLease} is how long effects are left to this process before another may take them up. */
    public SandboxTransitions(SandboxStore store, Commits commits, Clock clock, Duration effectLease) {
        this.store = store;
        this.commits = commits;
        this.clock = clock;
        this.effectLease = effectLease;
    }

    /** Applies an event to whatever state the sandbox is in. */
    public TransitionResult apply(SandboxId id, SandboxEvent event) {
        return apply(id, event, OptionalLong.empty());
    }

    /** As above; the pending effect {@code completes} is done with when the event moves the sandbox on. */
    public TransitionResult apply(SandboxId id, SandboxEvent event, OptionalLong completes) {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            Optional<Sandbox> current = store.find(id);
            if (current.isEmpty()) {
                return new Absent();
            }
            Optional<TransitionResult> result = attempt(current.get(), event, completes);
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw Problem.of(ProblemCode.INTERNAL, "The sandbox changes faster than it can be changed.")
                .asException();
    }

    /** Applies an event to the sandbox as the caller knows it, without loading it; falls back to loading when it has moved on. */
    public TransitionResult applyKnowing(Sandbox known, SandboxEvent event, OptionalLong completes) {
        return attempt(known, event, completes).orElseGet(() -> apply(known.id(), event, completes));
    }

    /** Applies an event only to this very generation: empty, and nothing done, when the sandbox has moved on. */
    public Optional<TransitionResult> applyIfUnmoved(Sandbox known, SandboxEvent event) {
        return attempt(known, event, OptionalLong.empty());
    }

    private Optional<TransitionResult> attempt(Sandbox current, SandboxEvent event, OptionalLong completes) {
        Instant now = clock.instant();
        return switch (Lifecycle.decide(current, event, now)) {
            case Decision.Ignore ignore -> Optional.of(new Unchanged(current, ignore.why()));
            case Decision.Refuse refuse -> Optional.of(new Refused(current, refuse.problem()));
            case Decision.Advance advance -> {
                // Should the database forget that it started, the effect is queued again with it, and the host answers
                // the same.
                boolean comesAgain = event instanceof SandboxEvent.Started && completes.isPresent();
                Change change =
                        new Change(advance.next(), advance.effects(), now.plus(effectLease), completes, comesAgain);
                Optional<List<PendingEffect>> queued = store.commit(change);
                queued.ifPresent(effects -> commits.announce(
                        new Commit(Optional.of(current.state()), advance.next(), effects, CallTimes.current())));
                yield queued.map(effects -> new Moved(advance.next()));
            }
        };
    }
}
