package dev.atoll.manager.outbox;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.HostSandboxes;
import dev.atoll.manager.host.PreparedSandbox;
import dev.atoll.manager.store.EffectQueue;
import dev.atoll.manager.store.PendingEffect;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.manager.transition.TransitionResult;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Effect;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Carries out one effect on its host and reports what came of it as an event. Blocks for as long as the host takes. */
final class EffectPerformer {
    /** Problems that leave open whether the host did it; every other one says that it did not and never will. */
    private static final Set<ProblemCode> UNDECIDED = EnumSet.of(
            ProblemCode.HOST_UNAVAILABLE,
            ProblemCode.DEADLINE_EXCEEDED,
            ProblemCode.SHUTTING_DOWN,
            ProblemCode.DATABASE_UNAVAILABLE,
            ProblemCode.INTERNAL);

    private final HostDirectory hosts;
    private final SandboxStore store;
    private final EffectQueue queue;
    private final SandboxTransitions transitions;

    EffectPerformer(HostDirectory hosts, SandboxStore store, EffectQueue queue, SandboxTransitions transitions) {
        this.hosts = hosts;
        this.store = store;
        this.queue = queue;
        this.transitions = transitions;
    }

    /** {@code settling} is called when the host has answered: from then on the work is not to be interrupted. */
    Outcome perform(Work work, Runnable settling) {
        PendingEffect effect = work.effect();
        try {
            Optional<Sandbox> sandbox = work.known().or(() -> store.find(effect.sandbox()));
            if (sandbox.isEmpty() || sandbox.get().generation() != effect.generation()) {
                queue.drop(effect.seq());
                return new Outcome.Done();
            }
            SandboxEvent event = carryOut(effect, sandbox.get());
            settling.run();
            report(effect, sandbox.get(), event);
            return new Outcome.Done();
        } catch (RuntimeException e) {
            settling.run();
            return new Outcome.Again(e);
        }
    }

    private SandboxEvent carryOut(PendingEffect pending, Sandbox sandbox) {
        HostSandboxes host = hosts.client(pending.effect().host()).sandboxes();
        return switch (pending.effect()) {
            case Effect.PrepareOnHost prepare -> prepare(host, pending, sandbox);
            case Effect.StopOnHost stop -> {
                host.stop(sandbox.id(), pending.generation());
                yield new SandboxEvent.StopFinished();
            }
        };
    }

    private static SandboxEvent prepare(HostSandboxes host, PendingEffect pending, Sandbox sandbox) {
        try {
            PreparedSandbox made = host.prepare(sandbox.id(), pending.generation(), sandbox.spec());
            return new SandboxEvent.Started(made.image(), made.start());
        } catch (ProblemException e) {
            if (UNDECIDED.contains(e.problem().code())) {
                throw e;
            }
            if (e.problem().code() == ProblemCode.STALE_GENERATION) {
                // Nobody here sent anything newer: the host itself ended it after we had asked for it, and its report
                // is lost or late.
                return new SandboxEvent.HostLost(
                        "The host ended it before it ran, for instance because it was restarted.");
            }
            return new SandboxEvent.StartFailed(e.problem());
        }
    }

    private void report(PendingEffect effect, Sandbox sandbox, SandboxEvent event) {
        switch (transitions.applyKnowing(sandbox, event, OptionalLong.of(effect.seq()))) {
            case TransitionResult.Moved moved -> {}
            case TransitionResult.Unchanged unchanged -> queue.drop(effect.seq());
            case TransitionResult.Refused refused -> queue.drop(effect.seq());
            case TransitionResult.Absent absent -> queue.drop(effect.seq());
        }
    }
}
