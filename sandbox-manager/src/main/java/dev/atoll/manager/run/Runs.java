package dev.atoll.manager.run;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.outcome.CountedCalls;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.RunId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Use cases on runs. A run is kept before anything is made for it, and carried out by this process whether or not anybody waits; after a
 * crash the next process goes on where it was. Its sandbox ends with it, or by a ttl of its own when nobody is left to end it. Thread-safe.
 */
public final class Runs {
    private final RunStore store;
    private final RunsUnderWay underWay;
    private final Ids ids;
    private final Clock clock;
    private final RunSettings settings;
    private final CountedCalls begun;

    public Runs(
            RunStore store, RunsUnderWay underWay, Ids ids, Clock clock, RunSettings settings, MeterRegistry meters) {
        this.store = store;
        this.underWay = underWay;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
        meters.gauge("atoll.runs.under.way", underWay, RunsUnderWay::size);
        this.begun = new CountedCalls(meters, "atoll.runs.begun", "Calls that begin a one-call run");
    }

    /**
     * Begins a run, and answers when it has ended or {@code wait} is over. The same key and request again is the same run, unless that
     * failed before its command began: then it is carried out anew. Throws {@code idempotency_conflict}, {@code too_many_runs} or
     * {@code shutting_down}, having made nothing.
     */
    public Run begin(Caller caller, RunSpec spec, Optional<IdempotencyKey> key, Duration wait) {
        return begun.count(() -> carryOut(caller, spec, key, wait));
    }

    private Run carryOut(Caller caller, RunSpec spec, Optional<IdempotencyKey> key, Duration wait) {
        String request = RunDocuments.write(spec);
        RequestHash hash = RunDocuments.hash(request);
        StoredRun run = new StoredRun(
                ids.run(),
                caller.workspace(),
                ids.sandbox(),
                key.map(given -> new KeyedRequest(given, hash)),
                hash,
                Optional.of(request),
                Optional.empty(),
                clock.instant(),
                Optional.empty(),
                false);
        RunsUnderWay.Place place = underWay.admit(spec.size());
        boolean taken = false;
        try {
            Optional<StoredRun> earlier = store.insert(run, run.createdAt().plus(settings.lease()));
            if (earlier.isPresent()) {
                if (!earlier.get().hash().equals(hash)) {
                    throw Problem.of(
                                    ProblemCode.IDEMPOTENCY_CONFLICT,
                                    "This Idempotency-Key was used for another run.",
                                    "Use a new key for a new run.")
                            .asException();
                }
                return await(caller, earlier.get(), wait);
            }
            taken = true;
            return known(run, result(underWay.carryOut(caller, run.withoutRequest(), spec, place), wait));
        } finally {
            if (!taken) {
                place.close();
            }
        }
    }

    /** The run once it has ended, or as it is when {@code wait} is over. Throws {@code run_not_found}. */
    public Run get(Caller caller, RunId id, Duration wait) {
        return await(caller, find(caller, id), wait);
    }

    /**
     * Asks for the end of a run, and answers it when it has ended or {@code wait} is over: its command is killed, what there is of its
     * output and files is brought back, and its sandbox goes. When this answers, that is durable. A run that has ended is left as it is.
     * Throws {@code run_not_found}.
     */
    public Run cancel(Caller caller, RunId id, Duration wait) {
        StoredRun run = store.askCancel(caller.workspace(), id, clock.instant()).orElseThrow(() -> notFound(id));
        if (run.endedAt().isEmpty()) {
            underWay.cancel(id);
        }
        return await(caller, run, wait);
    }

    private StoredRun find(Caller caller, RunId id) {
        return store.find(caller.workspace(), id).orElseThrow(() -> notFound(id));
    }

    private static ProblemException notFound(RunId id) {
        return Problem.of(
                        ProblemCode.RUN_NOT_FOUND,
                        "There is no run " + id + ".",
                        "What became of a run is kept for an hour after its end.")
                .asException();
    }

    private Run await(Caller caller, StoredRun stored, Duration wait) {
        Optional<CompletableFuture<RunOutcome>> here = underWay.find(stored.id());
        if (here.isPresent()) {
            return known(stored, result(here.get(), wait));
        }
        long end = System.nanoTime() + wait.toNanos();
        StoredRun seen = stored;
        while (seen.endedAt().isEmpty() && System.nanoTime() < end && !underWay.isClosing()) {
            // Another process is at it, or this one will be in a moment.
            underWay.pause(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            seen = find(caller, stored.id());
        }
        return known(seen, seen.outcome().flatMap(text -> RunDocuments.read(text, RunOutcome.class)));
    }

    private static Run known(StoredRun run, Optional<RunOutcome> outcome) {
        return new Run(run.id(), run.sandbox(), run.createdAt(), outcome);
    }

    private static Optional<RunOutcome> result(CompletableFuture<RunOutcome> outcome, Duration wait) {
        try {
            return Optional.of(outcome.get(wait.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException still) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw shuttingDown();
        } catch (ExecutionException | CompletionException e) {
            throw e.getCause() instanceof ProblemException problem ? problem : new IllegalStateException(e);
        }
    }

    private static ProblemException shuttingDown() {
        return Problem.of(
                        ProblemCode.SHUTTING_DOWN,
                        "The platform is shutting down.",
                        "Ask again in a moment; the run goes on after that.")
                .asException();
    }
}
