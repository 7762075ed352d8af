package dev.atoll.manager.run;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.timer.Timers;
import dev.atoll.manager.view.OutputViews;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.RunId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that this process carries out, each on a thread of its own: those that were begun here and those that another process, or an
 * earlier life of this one, has left. An outcome is told as soon as it is there, then kept, and then the sandbox goes: until it is kept, a
 * repetition comes to the same. Thread-safe.
 */
public final class RunsUnderWay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunsUnderWay.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration PRESS_EVERY = Duration.ofMillis(100);
    private static final int BATCH = 100;

    private final RunStore store;
    private final RunTools tools;
    private final Ids ids;
    private final Executor threads;
    private final Timers timers;
    private final RunSettings settings;
    private final MeterRegistry meters;
    private final Clock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<RunId, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public RunsUnderWay(
            RunStore store,
            Sandboxes sandboxes,
            Execs execs,
            OutputViews views,
            Files files,
            Ids ids,
            Executor threads,
            Timers timers,
            Clock clock,
            RunSettings settings,
            MeterRegistry meters) {
        this.meters = meters;
        this.store = store;
        this.tools = new RunTools(sandboxes, execs, views, new RunFiles(files), clock, settings, closing);
        this.ids = ids;
        this.threads = threads;
        this.timers = timers;
        this.clock = clock;
        this.settings = settings;
    }

    /** A run that is carried out here. */
    private record Flight(
            CompletableFuture<RunOutcome> told, RunSteps steps, Cancellation cancellation, AtomicBoolean pressed) {}

    /** Takes up what was left, now and from time to time. */
    public void start() {
        lookFromTimeToTime();
    }

    /** A run's share of what may be under way; given back when it is closed, however often. */
    final class Place implements AutoCloseable {
        private final long size;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Place(long size) {
            this.size = size;
        }

        @Override
        public void close() {
            if (held.compareAndSet(true, false)) {
                places.decrementAndGet();
                bytes.addAndGet(-size);
            }
        }
    }

    /** A place for a run; throws {@code too_many_runs} when there is none. */
    Place admit(long size) {
        if (isClosing()) {
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                    .asException();
        }
        boolean full = places.incrementAndGet() > settings.maxUnderWay();
        boolean heavy = bytes.addAndGet(size) > settings.maxBytesUnderWay();
        Place place = new Place(size);
        if (full || heavy) {
            place.close();
            throw Problem.of(
                            ProblemCode.TOO_MANY_RUNS,
                            "The platform carries out " + settings.maxUnderWay()
                                    + " runs, or as many bytes of files as it holds.",
                            "Ask again in a moment.")
                    .asException();
        }
        return place;
    }

    /** Carries out a run that is kept, aside. */
    CompletableFuture<RunOutcome> carryOut(Caller caller, StoredRun run, RunSpec spec, Place place) {
        return carryOut(caller, run, spec, place, false);
    }

    private CompletableFuture<RunOutcome> carryOut(
            Caller caller, StoredRun run, RunSpec spec, Place place, boolean takenUp) {
        Cancellation cancellation = new Cancellation(run.cancelAsked());
        RunSteps steps = new RunSteps(tools, caller, run, spec, cancellation, takenUp);
        CompletableFuture<RunOutcome> told = new CompletableFuture<>();
        Flight flight = new Flight(told, steps, cancellation, new AtomicBoolean());
        flights.put(run.id(), flight);
        threads.execute(() -> {
            try (place) {
                fly(caller, run, steps, told);
            } finally {
                flights.remove(run.id(), flight);
                // Whoever still waits learns that nobody here will tell.
                told.completeExceptionally(Problem.of(
                                ProblemCode.SHUTTING_DOWN,
                                "The platform stopped before the run had ended; it goes on when it is back.",
                                "Ask again in a moment.")
                        .withNext("GET /v1/runs/" + run.id())
                        .asException());
            }
        });
        return told;
    }

    private void fly(Caller caller, StoredRun run, RunSteps steps, CompletableFuture<RunOutcome> told) {
        RunOutcome outcome = outcome(run, steps);
        if (isClosing() && outcome.problem().isPresent()) {
            return;
        }
        told.complete(outcome);
        Counter.builder("atoll.runs.ended")
                .description("One-call runs that have ended here")
                .tag(
                        "state",
                        outcome.canceled() ? "canceled" : outcome.problem().isPresent() ? "failed" : "ended")
                .register(meters)
                .increment();
        try {
            Patience patience = tools.patience(clock.instant().plus(settings.keepEnded()));
            patience.until(() -> {
                store.end(run.id(), RunDocuments.write(outcome), outcome.endedAt(), steps.isRepeatable(outcome));
                return run;
            });
            patience.until(() -> tools.sandboxes().stop(caller, run.sandbox(), Duration.ZERO));
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.SANDBOX_NOT_FOUND && !isClosing()) {
                LOG.warn("Run {} could not be ended in order: {}", run.id(), e.getMessage());
            }
        }
    }

    private RunOutcome outcome(StoredRun run, RunSteps steps) {
        try {
            return steps.carryOut();
        } catch (RuntimeException e) {
            LOG.error("Run {} met a mistake of the platform.", run.id(), e);
            Problem problem = Problem.of(
                    ProblemCode.INTERNAL,
                    "The platform made a mistake that it did not expect; whether the command ran is not known.",
                    "Tell the operator the id " + run.id() + ".");
            return RunOutcome.failed(problem, Optional.empty(), RunTimings.NONE, clock.instant());
        }
    }

    /** Has a run end whose end is asked for and kept; by another process that is at it, that is seen at its next look. */
    void cancel(RunId id) {
        Flight flight = flights.get(id);
        if (flight == null) {
            threads.execute(this::look);
        } else {
            press(flight);
        }
    }

    private void press(Flight flight) {
        flight.cancellation().ask();
        if (flight.pressed().compareAndSet(false, true)) {
            threads.execute(() -> pressUntilEnded(flight));
        }
    }

    private void pressUntilEnded(Flight flight) {
        try {
            while (!flight.told().isDone() && !isClosing()) {
                flight.steps().press();
                pause(PRESS_EVERY);
            }
        } catch (ProblemException shuttingDown) {
            // That the run is not wanted is kept: the next life ends it.
            LOG.debug("A run is left to the next life: {}", shuttingDown.getMessage());
        }
    }

    Optional<CompletableFuture<RunOutcome>> find(RunId id) {
        return Optional.ofNullable(flights.get(id)).map(Flight::told);
    }

    int size() {
        return flights.size();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Waits a moment, at most so long. */
    void pause(Duration most) {
        try {
            Duration pause = most.compareTo(LONGEST_PAUSE) < 0 ? most : LONGEST_PAUSE;
            var _ = closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                    .asException();
        }
    }

    private void lookFromTimeToTime() {
        if (!isClosing()) {
            look();
            timers.at(clock.instant().plus(settings.lookEvery()), this::lookFromTimeToTime);
        }
    }

    private void look() {
        Instant now = clock.instant();
        try {
            Instant until = now.plus(settings.lease());
            for (RunId unwanted : store.renew(List.copyOf(flights.keySet()), until)) {
                Optional.ofNullable(flights.get(unwanted)).ifPresent(this::press);
            }
            store.take(now, until, BATCH).forEach(this::takeUp);
            store.forgetEnded(now.minus(settings.keepEnded()), BATCH);
        } catch (ProblemException e) {
            LOG.warn("Runs cannot be looked after now: {}", e.getMessage());
        }
    }

    private void takeUp(StoredRun run) {
        if (flights.containsKey(run.id())) {
            return;
        }
        Caller caller = new Caller(run.workspace(), ids.key());
        Optional<RunSpec> spec = run.request().flatMap(text -> RunDocuments.read(text, RunSpec.class));
        try {
            if (spec.isPresent()) {
                var _ = carryOut(
                        caller,
                        run.withoutRequest(),
                        spec.get(),
                        admit(spec.get().size()),
                        true);
            } else {
                giveUp(caller, run);
            }
        } catch (ProblemException e) {
            LOG.info("Run {} has to wait: {}", run.id(), e.getMessage());
        }
    }

    /** Another version kept it in a way that this one cannot read. */
    private void giveUp(Caller caller, StoredRun run) {
        Problem problem = Problem.of(
                ProblemCode.INTERNAL, "The run was begun by another version of the platform.", "Begin it again.");
        RunOutcome outcome = RunOutcome.failed(problem, Optional.empty(), RunTimings.NONE, clock.instant());
        store.end(run.id(), RunDocuments.write(outcome), outcome.endedAt(), false);
        var _ = tools.sandboxes().stop(caller, run.sandbox(), Duration.ZERO);
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
