package dev.atoll.manager.context;

import dev.atoll.manager.exec.SandboxExecs;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.outcome.CountedCalls;
import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextSpec;
import dev.atoll.model.context.ContextState;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Use cases on code contexts. A context's kernel is an exec. Every method throws what {@code Execs} throws about the sandbox; those on one
 * context throw {@code context_not_found}. Thread-safe.
 */
public final class CodeContexts {
    /** Contexts of a sandbox. */
    public static final int MOST = 32;

    private static final Logger LOG = LoggerFactory.getLogger(CodeContexts.class);

    private final SandboxExecs sandboxes;
    private final ContextStore store;
    private final RunReading reading;
    private final Ids ids;
    private final Clock clock;
    private final CountedCalls made;
    private final CountedCalls deleted;
    private final CountedCalls restarted;

    CodeContexts(
            SandboxExecs sandboxes,
            ContextStore store,
            RunReading reading,
            Ids ids,
            Clock clock,
            MeterRegistry meters) {
        this.made = new CountedCalls(meters, "atoll.contexts.made", "Calls that make a code context");
        this.deleted = new CountedCalls(meters, "atoll.contexts.deleted", "Calls that delete a code context");
        this.restarted = new CountedCalls(meters, "atoll.contexts.restarted", "Calls that restart a code context");
        this.sandboxes = sandboxes;
        this.store = store;
        this.reading = reading;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Makes a context whose kernel can be given code. The same key in the same sandbox is the same context. Throws {@code
     * kernel_not_found}, {@code kernel_failed}, {@code too_many_contexts}, {@code idempotency_conflict}, and what starting an exec throws.
     */
    public ContextView create(Caller caller, SandboxId sandbox, ContextSpec spec, Optional<IdempotencyKey> key) {
        return made.count(() -> sandboxes.running(caller, sandbox, execs -> {
            ContextId id =
                    key.map(given -> Ids.contextOf(sandbox, given.value())).orElseGet(ids::context);
            Optional<CodeContext> known = key.flatMap(_ -> store.find(id));
            CodeContext context = known.orElseGet(() -> make(execs, sandbox, id, spec));
            if (!context.spec().equals(spec)) {
                throw Problem.of(
                                ProblemCode.IDEMPOTENCY_CONFLICT,
                                "This Idempotency-Key was used for another context in this sandbox.",
                                "Use a new key for a new context.")
                        .asException();
            }
            return view(execs, context);
        }));
    }

    private CodeContext make(HostExecs execs, SandboxId sandbox, ContextId id, ContextSpec spec) {
        refuseMoreThan(MOST - 1, sandbox);
        KernelDescriptor kernel = KernelDescriptor.find(execs, sandbox, spec, ids);
        // The process is named by the context, so that two requests under one key start one.
        ExecId process = Ids.execOf(sandbox, "kernel of " + id);
        CodeContext context =
                new CodeContext(id, sandbox, spec, kernel.argv(), clock.instant(), process, 0, Optional.empty());
        // It is kept first: a kernel that runs is never without someone who can end it.
        if (!store.insert(context)) {
            return store.find(id).orElse(context);
        }
        boolean started = false;
        try {
            // Others may have been kept since the first look; those that come too late go again.
            refuseMoreThan(MOST, sandbox);
            Kernels.start(execs, context);
            started = true;
            return context;
        } finally {
            if (!started) {
                store.delete(id);
            }
        }
    }

    private void refuseMoreThan(int most, SandboxId sandbox) {
        if (store.of(sandbox).size() > most) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_CONTEXTS,
                            "The sandbox has " + MOST + " code contexts.",
                            "Delete one that is not needed any more.")
                    .withNext("GET /v1/sandboxes/" + sandbox + "/contexts")
                    .asException();
        }
    }

    /** The contexts of a sandbox, the oldest first. */
    public List<ContextView> list(Caller caller, SandboxId sandbox) {
        return sandboxes.known(
                caller,
                sandbox,
                execs -> store.of(sandbox).stream()
                        .map(context -> view(execs, context))
                        .toList());
    }

    public ContextView get(Caller caller, SandboxId sandbox, ContextId id) {
        return sandboxes.known(caller, sandbox, execs -> view(execs, owned(sandbox, id)));
    }

    /** Ends a context with its kernel and all that this has started. */
    public void delete(Caller caller, SandboxId sandbox, ContextId id) {
        deleted.count(() -> sandboxes.known(caller, sandbox, execs -> {
            CodeContext context = owned(sandbox, id);
            try {
                Kernels.kill(execs, sandbox, context.kernel());
            } catch (ProblemException e) {
                // A sandbox that has ended has no kernel either.
                LOG.debug("context={} left its kernel behind: {}", id, e.problem());
            }
            return store.delete(id);
        }));
    }

    /** Interrupts the run that the context has, if it has one; the context lives on. Throws {@code context_dead}. */
    public ContextView interrupt(Caller caller, SandboxId sandbox, ContextId id) {
        return sandboxes.running(caller, sandbox, execs -> {
            CodeContext context = owned(sandbox, id);
            if (Kernels.isDead(execs, context)) {
                throw dead(context);
            }
            Kernels.interrupt(execs, sandbox, context.kernel());
            return view(execs, context);
        });
    }

    /**
     * Gives the context a new kernel, in the place of one that lives or has died; the state is gone, the context's runs can still be read.
     * Throws {@code context_busy} when another restart came first, or {@code kernel_failed}.
     */
    public ContextView restart(Caller caller, SandboxId sandbox, ContextId id) {
        return restarted.count(() -> sandboxes.running(caller, sandbox, execs -> {
            CodeContext context = owned(sandbox, id);
            ExecId next = Ids.execOf(sandbox, "kernel of " + id + " after " + context.kernel());
            if (!store.restart(id, context.kernel(), next)) {
                throw busy(context, "is being restarted");
            }
            Kernels.kill(execs, sandbox, context.kernel());
            CodeContext renewed = owned(sandbox, id);
            Kernels.start(execs, renewed);
            return view(execs, renewed);
        }));
    }

    private ContextView view(HostExecs execs, CodeContext context) {
        try {
            if (Kernels.isDead(execs, context)) {
                return new ContextView(context, ContextState.DEAD);
            }
            return new ContextView(context, isBusy(execs, context) ? ContextState.BUSY : ContextState.IDLE);
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code != ProblemCode.SANDBOX_STOPPED && code != ProblemCode.SANDBOX_NOT_FOUND) {
                throw e;
            }
            return new ContextView(context, ContextState.DEAD);
        }
    }

    /** Whether the last run has not ended. */
    boolean isBusy(HostExecs execs, CodeContext context) {
        return context.run()
                .flatMap(store::findRun)
                .filter(run -> run.kernel().equals(context.kernel()))
                .filter(run -> !reading.advance(execs, run, Duration.ZERO).ended())
                .isPresent();
    }

    CodeContext owned(SandboxId sandbox, ContextId id) {
        return store.find(id)
                .filter(context -> context.sandbox().equals(sandbox))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.CONTEXT_NOT_FOUND,
                                "There is no context " + id + " here.",
                                "List those there are.")
                        .withNext("GET /v1/sandboxes/" + sandbox + "/contexts")
                        .asException());
    }

    static ProblemException dead(CodeContext context) {
        return Problem.of(
                        ProblemCode.CONTEXT_DEAD,
                        "The kernel of the context has ended, and what it had in memory is gone.",
                        "Restart the context, or make another.")
                .withNext("POST " + path(context) + "/restart")
                .asException();
    }

    static ProblemException busy(CodeContext context, String what) {
        return Problem.of(
                        ProblemCode.CONTEXT_BUSY,
                        "The context " + what + ".",
                        "Wait for it, or interrupt it; for things at the same time make several contexts.")
                .withNext(context.run()
                        .map(run -> "GET " + path(context) + "/runs/" + run + "?wait=60s")
                        .orElse("GET " + path(context)))
                .asException();
    }

    private static String path(CodeContext context) {
        return "/v1/sandboxes/" + context.sandbox() + "/contexts/" + context.id();
    }
}
