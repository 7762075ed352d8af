package dev.atoll.manager.reconcile;

import dev.atoll.manager.store.EffectQueue;
import dev.atoll.manager.store.EventStore;
import dev.atoll.manager.store.KeyedRequests;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timer.Timers;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Regularly deletes what is past its time, and queues again what a sandbox in passage lacks. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final SandboxStore store;
    private final EffectQueue effects;
    private final KeyedRequests requests;
    private final EventStore events;
    private final Timers timers;
    private final Clock clock;
    private final ReconcileSettings settings;
    private volatile boolean closed;

    Housekeeping(
            SandboxStore store,
            EffectQueue effects,
            KeyedRequests requests,
            EventStore events,
            Timers timers,
            Clock clock,
            ReconcileSettings settings) {
        this.store = store;
        this.effects = effects;
        this.requests = requests;
        this.events = events;
        this.timers = timers;
        this.clock = clock;
        this.settings = settings;
    }

    void start() {
        reissue();
        purge();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void reissue() {
        repeat(this::reissueNow, this::reissue, settings.resyncEvery());
    }

    private void purge() {
        repeat(this::purgeNow, this::purge, settings.purgeEvery());
    }

    private void reissueNow() {
        int missing = effects.reissueMissing(clock.instant());
        if (missing > 0) {
            LOG.warn(
                    "{} sandboxes in passage had nothing queued that would move them on; it is queued again.", missing);
        }
    }

    private void purgeNow() {
        Instant now = clock.instant();
        int sandboxes = store.forgetEnded(now.minus(settings.keepEnded()), settings.purgeBatch());
        int keys = requests.forgetUsed(now.minus(settings.keepKeys()), settings.purgeBatch());
        int cutBack = events.forget(now.minus(settings.keepEvents()), settings.eventsOfSandbox());
        if (cutBack > 0) {
            LOG.info("{} sandboxes had more events than are kept; the oldest went.", cutBack);
        }
        if (sandboxes + keys > 0) {
            LOG.info("Deleted {} ended sandboxes and {} idempotency keys that were past their time.", sandboxes, keys);
        }
    }

    private void repeat(Runnable step, Runnable next, Duration every) {
        if (closed) {
            return;
        }
        try {
            step.run();
        } catch (ProblemException e) {
            LOG.warn("Housekeeping has to wait: {}", e.getMessage());
        }
        timers.at(clock.instant().plus(every), next);
    }
}
