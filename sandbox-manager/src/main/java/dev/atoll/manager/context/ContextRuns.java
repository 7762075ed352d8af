package dev.atoll.manager.context;

import dev.atoll.manager.exec.SandboxExecs;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.outcome.CountedCalls;
import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Use cases on the runs of code contexts. Every method throws what {@link CodeContexts} throws about sandbox and context; those on one run
 * throw {@code context_run_not_found}. Thread-safe.
 */
public final class ContextRuns {
    /** Runs in a list. */
    public static final int MOST_LISTED = 100;

    /** How long a kernel may leave its stdin unread until the code that is sent to it is given up. */
    private static final Duration INPUT_PATIENCE = Duration.ofSeconds(30);

    private final SandboxExecs sandboxes;
    private final CodeContexts contexts;
    private final ContextStore store;
    private final RunReading reading;
    private final RunDeadlines deadlines;
    private final RunEvents events;
    private final Ids ids;
    private final Clock clock;
    private final CountedCalls begun;

    ContextRuns(
            SandboxExecs sandboxes,
            CodeContexts contexts,
            ContextStore store,
            RunReading reading,
            RunDeadlines deadlines,
            Ids ids,
            Clock clock,
            MeterRegistry meters) {
        this.begun = new CountedCalls(meters, "atoll.contexts.runs", "Calls that run code in a code context");
        this.sandboxes = sandboxes;
        this.contexts = contexts;
        this.store = store;
        this.reading = reading;
        this.deadlines = deadlines;
        this.events = new RunEvents(reading);
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Runs code, and answers when it has ended or {@code wait} is over. The same key in the same context is the same run. Throws {@code
     * context_busy}, {@code context_dead} or {@code idempotency_conflict}.
     *
     * @param timeout how long it may run before it is interrupted; what does not mind that loses its kernel some seconds later
     */
    public RunView start(
            Caller caller,
            SandboxId sandbox,
            ContextId id,
            String code,
            Optional<Duration> timeout,
            Optional<IdempotencyKey> key,
            Duration wait) {
        return begun.count(() -> sandboxes.running(caller, sandbox, execs -> {
            CodeContext context = contexts.owned(sandbox, id);
            RequestHash request = RequestHash.of(
                    "startContextRun",
                    List.of(code, timeout.map(Duration::toString).orElse("")));
            ContextRunId runId =
                    key.map(given -> Ids.contextRunOf(id, given.value())).orElseGet(ids::contextRun);
            Optional<ContextRun> known = key.flatMap(_ -> store.findRun(runId));
            if (known.isPresent() && !known.get().request().equals(request.hex())) {
                throw Problem.of(
                                ProblemCode.IDEMPOTENCY_CONFLICT,
                                "This Idempotency-Key was used for another run in this context.",
                                "Use a new key for a new run.")
                        .asException();
            }
            ContextRun run = known.orElseGet(() -> begin(execs, context, runId, code, timeout, request));
            return new RunView(run, reading.advance(execs, run, wait));
        }));
    }

    private ContextRun begin(
            HostExecs execs,
            CodeContext context,
            ContextRunId id,
            String code,
            Optional<Duration> timeout,
            RequestHash request) {
        if (contexts.isBusy(execs, context)) {
            throw CodeContexts.busy(context, "runs something");
        }
        // Looked at after the last run has ended: nobody else has sent anything since.
        Exec kernel = Kernels.look(execs, context.sandbox(), context.kernel())
                .filter(found -> found.end().isEmpty())
                .orElseThrow(() -> CodeContexts.dead(context));
        byte[] line = KernelLines.run(id.value(), code);
        ContextRun run = new ContextRun(
                id,
                context.id(),
                context.sandbox(),
                context.kernel(),
                kernel.output().stdoutBytes(),
                kernel.inputOffset() + line.length,
                timeout,
                request.hex(),
                clock.instant());
        reading.delivering(id);
        try {
            if (!store.begin(run, context.run())) {
                throw CodeContexts.busy(context, "has been given something else just now");
            }
            deadlines.watch(run);
            deliver(execs, context, kernel.inputOffset(), line);
            return run;
        } finally {
            reading.delivered(id);
        }
    }

    private static void deliver(HostExecs execs, CodeContext context, long offset, byte[] line) {
        long sent = offset;
        while (sent < offset + line.length) {
            byte[] rest = Arrays.copyOfRange(line, (int) (sent - offset), line.length);
            InputAccepted accepted;
            try {
                accepted = execs.write(context.sandbox(), context.kernel(), sent, rest, false, INPUT_PATIENCE);
            } catch (ProblemException e) {
                ProblemCode code = e.problem().code();
                if (code == ProblemCode.EXEC_ENDED || code == ProblemCode.INPUT_CLOSED) {
                    // The run tells that its kernel has died.
                    return;
                }
                throw e;
            }
            if (accepted.nextOffset() <= sent) {
                throw CodeContexts.busy(context, "has a kernel that does not read");
            }
            sent = accepted.nextOffset();
        }
    }

    /** The run once it has ended, or as it is when {@code wait} is over. */
    public RunView get(Caller caller, SandboxId sandbox, ContextId id, ContextRunId runId, Duration wait) {
        return sandboxes.known(caller, sandbox, execs -> {
            ContextRun run = owned(sandbox, id, runId);
            return new RunView(run, reading.advance(execs, run, wait));
        });
    }

    /** The newest runs of a context, the newest first, without what came of them. */
    public List<ContextRun> list(Caller caller, SandboxId sandbox, ContextId id) {
        return sandboxes.known(
                caller, sandbox, execs -> store.runs(contexts.owned(sandbox, id).id(), MOST_LISTED));
    }

    /** What happens in a run from a cursor on; waits up to {@code wait} for something. Throws {@code output_gone}. */
    public RunEventPage events(
            Caller caller, SandboxId sandbox, ContextId id, ContextRunId runId, Optional<Long> cursor, Duration wait) {
        return sandboxes.known(caller, sandbox, execs -> events.read(execs, owned(sandbox, id, runId), cursor, wait));
    }

    private ContextRun owned(SandboxId sandbox, ContextId id, ContextRunId run) {
        contexts.owned(sandbox, id);
        return store.findRun(run)
                .filter(found -> found.context().equals(id))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.CONTEXT_RUN_NOT_FOUND,
                                "There is no run " + run + " in this context; the newest " + ContextStore.MOST_RUNS
                                        + " are kept.",
                                "List those there are.")
                        .withNext("GET /v1/sandboxes/" + sandbox + "/contexts/" + id + "/runs")
                        .asException());
    }
}
