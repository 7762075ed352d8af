package dev.atoll.manager.reconcile;

import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.store.SandboxTimes;
import dev.atoll.manager.timer.Timers;
import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns sandboxes whose ttl will be over soon, and ends them when it is: a timer is set for the next one, and set earlier when one is
 * made that ends before it. Thread-safe.
 */
final class Expirations implements CommitListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Expirations.class);

    private final SandboxStore store;
    private final SandboxTimes times;
    private final Consumer<Sandbox> warned;
    private final SandboxTransitions transitions;
    private final Timers timers;
    private final Clock clock;
    private final ReconcileSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Instant next;
    private Timers.@Nullable Timer timer;
    private boolean closed;

    /** {@code warned} hears of those that were warned; it does not block. */
    Expirations(
            SandboxStore store,
            SandboxTimes times,
            Consumer<Sandbox> warned,
            SandboxTransitions transitions,
            Timers timers,
            Clock clock,
            ReconcileSettings settings) {
        this.store = store;
        this.times = times;
        this.warned = warned;
        this.transitions = transitions;
        this.timers = timers;
        this.clock = clock;
        this.settings = settings;
    }

    void start() {
        check();
    }

    @Override
    public void committed(Commit commit) {
        if (commit.from().isEmpty()) {
            wakeAt(commit.sandbox().expiryWarnedAt());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            cancel();
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        forget();
        Instant now = clock.instant();
        Instant latest = now.plus(settings.expiryCheckEvery());
        try {
            times.warnExpiring(now, settings.expiryBatch()).forEach(warned);
            store.expired(now, settings.expiryBatch()).forEach(sandbox -> end(sandbox, now));
            Optional<Instant> following = store.nextExpiry();
            wakeAt(following.filter(latest::isAfter).orElse(latest));
        } catch (ProblemException e) {
            LOG.warn("Sandboxes whose ttl is over cannot be ended now: {}", e.getMessage());
            wakeAt(now.plus(settings.maxBackoff()));
        }
    }

    /** It may have been extended since it was read; one that is over is not extended any more. */
    private void end(Sandbox sandbox, Instant now) {
        store.find(sandbox.id())
                .filter(current -> !current.expiresAt().isAfter(now))
                .ifPresent(current -> transitions.applyKnowing(
                        current, new SandboxEvent.StopRequested(EndReason.TIMEOUT), OptionalLong.empty()));
    }

    /** The timer that led here is used up: from now on every commit sets its own. */
    private void forget() {
        lock.lock();
        try {
            cancel();
        } finally {
            lock.unlock();
        }
    }

    private void wakeAt(Instant when) {
        lock.lock();
        try {
            if (!closed && (next == null || when.isBefore(next))) {
                cancel();
                next = when;
                timer = timers.at(when, this::check);
            }
        } finally {
            lock.unlock();
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
        }
        timer = null;
        next = null;
    }
}
