package dev.atoll.manager.outbox;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.store.EffectQueue;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timer.Backoff;
import dev.atoll.manager.timer.Timers;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Effect;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out committed effects, each at least once. Those committed by this process are taken up at once; a regular look into the queue
 * takes up what a process that died has left. Effects of one sandbox never overlap; a newer one cuts an older one short.
 */
public final class OutboxWorker implements CommitListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxWorker.class);

    /** Failures in a row after which they are no longer a passing trouble and are worth a warning. */
    private static final int WARN_FROM = 5;

    private final EffectLanes lanes;
    private final EffectPerformer performer;
    private final EffectQueue queue;
    private final Executor threads;
    private final Timers timers;
    private final Clock clock;
    private final OutboxSettings settings;
    private final Backoff backoff;
    private final MeterRegistry meters;
    private volatile boolean closed;

    /** {@code threads} runs one task for each effect that is being carried out, each of which may block. */
    public OutboxWorker(
            HostDirectory hosts,
            SandboxStore store,
            EffectQueue queue,
            SandboxTransitions transitions,
            Executor threads,
            Timers timers,
            Clock clock,
            RandomGenerator random,
            OutboxSettings settings,
            MeterRegistry meters) {
        this.lanes = new EffectLanes(settings.maxRunning());
        this.performer = new EffectPerformer(hosts, store, queue, transitions);
        this.queue = queue;
        this.threads = threads;
        this.timers = timers;
        this.clock = clock;
        this.settings = settings;
        this.backoff = new Backoff(settings.firstBackoff(), settings.maxBackoff(), random);
        this.meters = meters;
        meters.gauge("atoll.outbox.effects.held", lanes, EffectLanes::size);
    }

    /** Takes up what is in the queue, and goes on looking into it. */
    public void start() {
        sweep();
    }

    @Override
    public void committed(Commit commit) {
        lanes.movedOn(commit.sandbox().id(), commit.sandbox().generation());
        commit.effects().forEach(effect -> lanes.offer(new Work(effect, Optional.of(commit.sandbox()))));
        runReady();
    }

    /** Takes nothing up any more. What is being carried out goes on until its thread is stopped; what is not done stays in the queue. */
    @Override
    public void close() {
        closed = true;
    }

    private void sweep() {
        if (closed) {
            return;
        }
        try {
            Instant now = clock.instant();
            Instant lease = now.plus(settings.lease());
            queue.renew(lanes.held(), lease);
            queue.claim(now, lease, settings.sweepLimit())
                    .forEach(effect -> lanes.offer(new Work(effect, Optional.empty())));
        } catch (ProblemException e) {
            LOG.warn("The outbox cannot be read: {}", e.getMessage());
        }
        timers.at(clock.instant().plus(settings.sweepEvery()), this::sweep);
        runReady();
    }

    private void runReady() {
        while (!closed) {
            Optional<EffectLane> lane = lanes.take();
            if (lane.isEmpty()) {
                return;
            }
            try {
                threads.execute(() -> new CallTimes().during(() -> run(lane.get())));
            } catch (RejectedExecutionException closing) {
                lanes.finished(lane.get(), false);
                return;
            }
        }
    }

    private void run(EffectLane lane) {
        Instant begun = clock.instant();
        Work work = lanes.begin(lane).orElseThrow();
        Outcome outcome = performer.perform(work, () -> lanes.settle(lane));
        boolean again = outcome instanceof Outcome.Again;
        meters.timer("atoll.outbox.effect", "kind", kind(work), "outcome", again ? "again" : "done")
                .record(Duration.between(begun, clock.instant()));
        boolean pausing = lanes.finished(lane, again);
        if (pausing && outcome instanceof Outcome.Again(RuntimeException why)) {
            pause(lane, work, why);
        }
        runReady();
    }

    private void pause(EffectLane lane, Work work, RuntimeException why) {
        int failures = lane.failures;
        if (why instanceof ProblemException && failures < WARN_FROM) {
            LOG.info(
                    "sandbox={} {} failed and is tried again: {}",
                    work.effect().sandbox(),
                    kind(work),
                    why.getMessage());
        } else {
            LOG.warn(
                    "sandbox={} {} failed {} times and is tried again.",
                    work.effect().sandbox(),
                    kind(work),
                    failures,
                    why);
        }
        Instant when = clock.instant().plus(backoff.after(failures));
        lanes.pausedBy(lane, timers.at(when, () -> {
            lanes.resume(lane);
            runReady();
        }));
    }

    private static String kind(Work work) {
        return switch (work.effect().effect()) {
            case Effect.PrepareOnHost prepare -> "prepare";
            case Effect.StopOnHost stop -> "stop";
        };
    }
}
