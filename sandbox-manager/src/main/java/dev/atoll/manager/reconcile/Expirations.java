package dev.atoll.manager.reconcile;

import dev.atoll.manager.store.SandboxStore;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sandboxes when their ttl is over: a timer is set for the next one, and set earlier when one is made that ends before it.
 * Thread-safe.
 */
final class Expirations implements CommitListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Expirations.class);

    private final SandboxStore store;
    private final SandboxTransitions transitions;
    private final Timers timers;
    private final Clock clock;
    private final ReconcileSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Instant next;
    private Timers.@Nullable Timer timer;
    private boolean closed;

    Expirations(
            SandboxStore store,
            SandboxTransitions transitions,
            Timers timers,
            Clock clock,
            ReconcileSettings settings) {
        this.store = store;
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
            wakeAt(commit.sandbox().expiresAt());
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
            List<Sandbox> expired = store.expired(now, settings.expiryBatch());
            expired.forEach(
                    sandbox -> transitions.apply(sandbox.id(), new SandboxEvent.StopRequested(EndReason.TIMEOUT)));
            Optional<Instant> following = store.nextExpiry();
            wakeAt(following.filter(latest::isAfter).orElse(latest));
        } catch (ProblemException e) {
            LOG.warn("Sandboxes whose ttl is over cannot be ended now: {}", e.getMessage());
            wakeAt(now.plus(settings.maxBackoff()));
        }
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
