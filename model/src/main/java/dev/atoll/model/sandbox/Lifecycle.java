package dev.atoll.model.sandbox;

import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.SandboxEvent.Ended;
import dev.atoll.model.sandbox.SandboxEvent.HostLost;
import dev.atoll.model.sandbox.SandboxEvent.NotPlaced;
import dev.atoll.model.sandbox.SandboxEvent.Placed;
import dev.atoll.model.sandbox.SandboxEvent.StartFailed;
import dev.atoll.model.sandbox.SandboxEvent.Started;
import dev.atoll.model.sandbox.SandboxEvent.StopFinished;
import dev.atoll.model.sandbox.SandboxEvent.StopRequested;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides what an event means for a sandbox: pure, total, and nothing but {@link LifecycleTable} and the event's own data. */
public final class Lifecycle {
    private Lifecycle() {}

    /** The decision; the same arguments always give the same one. */
    public static Decision decide(Sandbox current, SandboxEvent event, Instant now) {
        return switch (LifecycleTable.row(current.state(), event).outcome()) {
            case Transition.Ignored ignored -> new Decision.Ignore(ignored.why());
            case Transition.Refused refused ->
                new Decision.Refuse(Problem.of(
                        ProblemCode.STALE_GENERATION,
                        event.getClass().getSimpleName() + " cannot happen to a sandbox that is " + current.state()
                                + ": " + refused.why() + "."));
            case Transition.To to -> {
                Sandbox next = next(current, to.state(), event, now);
                yield new Decision.Advance(next, effects(to, next));
            }
        };
    }

    private static Sandbox next(Sandbox current, SandboxState state, SandboxEvent event, Instant now) {
        return new Sandbox(
                current.id(),
                current.workspace(),
                current.spec(),
                state,
                current.generation() + 1,
                reason(current, event),
                detail(current, event),
                event instanceof Placed placed ? Optional.of(placed.host()) : current.host(),
                event instanceof Started started ? Optional.of(started.image()) : current.imageId(),
                event instanceof Started started ? Optional.of(started.start()) : current.start(),
                current.createdAt(),
                event instanceof Started ? Optional.of(now) : current.startedAt(),
                state.isTerminal() ? Optional.of(now) : Optional.empty(),
                current.expiresAt(),
                current.holds());
    }

    /** The first reason stays: a sandbox that was told to stop was canceled, however its end then came about. */
    private static Optional<EndReason> reason(Sandbox current, SandboxEvent event) {
        if (current.reason().isPresent()) {
            return current.reason();
        }
        return switch (event) {
            case Placed placed -> Optional.empty();
            case Started started -> Optional.empty();
            case NotPlaced notPlaced -> Optional.of(EndReason.FAILED);
            case StartFailed failed -> Optional.of(EndReason.FAILED);
            case StopRequested stop -> Optional.of(stop.reason());
            case StopFinished finished -> Optional.of(EndReason.CANCELED);
            case Ended ended -> Optional.of(ended.reason());
            case HostLost lost -> Optional.of(EndReason.HOST_LOST);
        };
    }

    private static String detail(Sandbox current, SandboxEvent event) {
        return switch (event) {
            case Placed placed -> "";
            case Started started -> "";
            case NotPlaced notPlaced -> shown(notPlaced.why());
            case StartFailed failed -> shown(failed.why());
            case StopRequested stop -> current.detail();
            case StopFinished finished -> current.detail();
            case Ended ended -> ended.detail();
            case HostLost lost -> lost.detail();
        };
    }

    private static String shown(Problem why) {
        return why.code().code() + ": " + why.detail() + (why.hint().isEmpty() ? "" : " " + why.hint());
    }

    private static List<Effect> effects(Transition.To to, Sandbox next) {
        return to.effects().stream().map(kind -> effect(kind, next)).toList();
    }

    private static Effect effect(Class<? extends Effect> kind, Sandbox next) {
        HostId host = next.host().orElseThrow(() -> new IllegalStateException(kind + " without a host: " + next.id()));
        return kind == Effect.PrepareOnHost.class ? new Effect.PrepareOnHost(host) : new Effect.StopOnHost(host);
    }
}
