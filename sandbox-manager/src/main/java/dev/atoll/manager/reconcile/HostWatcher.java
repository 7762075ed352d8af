package dev.atoll.manager.reconcile;

import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.HostObservation;
import dev.atoll.manager.host.HostSandboxes.Watch;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timer.Backoff;
import dev.atoll.manager.timer.Timers;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one host in line: connects to it, hears what ends there, asks it regularly for everything it has and mends the difference;
 * connects again when the connection breaks, and gives its sandboxes up when that goes on for too long. All fields are used from letters
 * of the mailbox only.
 */
final class HostWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostWatcher.class);

    private final HostClient client;
    private final HostDirectory directory;
    private final SandboxStore store;
    private final HostReconciler reconciler;
    private final Timers timers;
    private final Clock clock;
    private final Executor executor;
    private final Backoff backoff;
    private final ReconcileSettings settings;
    private final Mailbox mailbox;

    private @Nullable HostId host;
    private @Nullable Watch watch;
    private @Nullable Watch watchBefore;
    private @Nullable Instant silentSince;
    private Timers.@Nullable Timer nextSync;
    private Map<SandboxId, Sandbox> desired = Map.of();
    private final Map<SandboxId, HostObservation.Present> observed = new HashMap<>();
    private final Map<SandboxId, Long> missed = new HashMap<>();
    private Map<SandboxId, Instant> unexpectedSince = Map.of();
    private boolean complete;
    private int round;
    private int failures;
    private boolean closed;

    HostWatcher(
            HostClient client,
            HostDirectory directory,
            SandboxStore store,
            HostReconciler reconciler,
            Timers timers,
            Clock clock,
            Executor executor,
            Backoff backoff,
            ReconcileSettings settings) {
        this.client = client;
        this.directory = directory;
        this.store = store;
        this.reconciler = reconciler;
        this.timers = timers;
        this.clock = clock;
        this.executor = executor;
        this.backoff = backoff;
        this.settings = settings;
        this.mailbox = new Mailbox(executor);
    }

    void start() {
        mailbox.post(this::sync);
    }

    @Override
    public void close() {
        mailbox.post(() -> {
            closed = true;
            round++;
            closeWatch(watch);
            closeWatch(watchBefore);
        });
    }

    /** Asks for everything. The watch of before goes on until the new picture is complete, so that no end falls between the two. */
    private void sync() {
        if (closed) {
            return;
        }
        round++;
        int mine = round;
        try {
            HostDescription description = client.describe();
            host = description.id();
            // To be read before the picture is asked for: see Comparison.
            desired =
                    store.liveOn(description.id()).stream().collect(Collectors.toMap(Sandbox::id, Function.identity()));
            observed.clear();
            complete = false;
            closeWatch(watchBefore);
            watchBefore = watch;
            watch = client.sandboxes().observe(observation -> mailbox.post(() -> observed(mine, observation)));
            directory.connected(client, description);
            // A picture that never gets complete is asked for again.
            syncAt(settings.resyncEvery());
        } catch (RuntimeException e) {
            broken(e.toString());
        }
    }

    private void observed(int ofRound, HostObservation observation) {
        boolean inPicture = ofRound == round && !complete;
        if (observation instanceof HostObservation.Ended ended
                && (!inPicture || desired.containsKey(ended.sandbox()))) {
            // A change is news whatever round it is from; in a picture most ends are old and known.
            attempt(() -> reconciler.ended(ended));
        }
        if (ofRound != round || closed) {
            return;
        }
        switch (observation) {
            case HostObservation.Present present -> observed.put(present.sandbox(), present);
            case HostObservation.Ended ended -> observed.remove(ended.sandbox());
            case HostObservation.SnapshotComplete snapshot -> compare();
            case HostObservation.Broken broken -> broken(broken.why().detail());
        }
    }

    private void compare() {
        if (complete || host == null) {
            return;
        }
        complete = true;
        failures = 0;
        silentSince = null;
        closeWatch(watchBefore);
        watchBefore = null;
        Map<SandboxId, Long> missedBefore = Map.copyOf(missed);
        missed.clear();
        HostId here = host;
        Instant now = clock.instant();
        Map<SandboxId, Instant> unexpected = new HashMap<>();
        for (Finding finding : Comparison.compare(desired, observed)) {
            switch (finding) {
                case Finding.Unexpected(HostObservation.Present present) -> {
                    Instant since = unexpectedSince.getOrDefault(present.sandbox(), now);
                    unexpected.put(present.sandbox(), since);
                    boolean recordDue = !now.isBefore(since.plus(settings.recordWithin()));
                    executor.execute(() -> attempt(() -> reconciler.check(client, here, present, recordDue)));
                }
                case Finding.Lost lost -> miss(lost.sandbox(), missedBefore);
            }
        }
        unexpectedSince = unexpected;
        syncAt(untilNextLook());
    }

    private Duration untilNextLook() {
        if (!missed.isEmpty()) {
            return settings.confirmAfter();
        }
        return unexpectedSince.isEmpty() ? settings.resyncEvery() : settings.recordWithin();
    }

    /** The report of its end may be on its way: only what is missed twice is lost. */
    private void miss(Sandbox sandbox, Map<SandboxId, Long> missedBefore) {
        Long generation = missedBefore.get(sandbox.id());
        if (generation != null && generation == sandbox.generation()) {
            attempt(() -> reconciler.lose(sandbox, "The host does not know it any more."));
        } else {
            missed.put(sandbox.id(), sandbox.generation());
        }
    }

    private void broken(String why) {
        failures++;
        round++;
        complete = false;
        missed.clear();
        closeWatch(watch);
        closeWatch(watchBefore);
        watch = null;
        watchBefore = null;
        Instant now = clock.instant();
        if (silentSince == null) {
            silentSince = now;
            LOG.warn("host={} does not answer: {}", host == null ? "-" : host, why);
        }
        if (host != null) {
            directory.disconnected(host);
            loseAllIfSilentForLong(host, Duration.between(silentSince, now));
        }
        syncAt(backoff.after(failures));
    }

    private void loseAllIfSilentForLong(HostId silent, Duration silence) {
        if (silence.compareTo(settings.hostLostAfter()) >= 0) {
            attempt(() -> reconciler.loseAll(silent));
        }
    }

    /** What fails is found again by the next round, which then comes soon. */
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("host={} is not in line yet: {}", host, e.toString());
            mailbox.post(() -> syncAt(settings.confirmAfter()));
        }
    }

    private void syncAt(Duration fromNow) {
        if (nextSync != null) {
            nextSync.cancel();
        }
        nextSync = closed ? null : timers.at(clock.instant().plus(fromNow), () -> mailbox.post(this::sync));
    }

    private static void closeWatch(@Nullable Watch watch) {
        if (watch != null) {
            watch.close();
        }
    }
}
