package dev.atoll.manager.reconcile;

import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.store.EffectQueue;
import dev.atoll.manager.store.EventStore;
import dev.atoll.manager.store.KeyedRequests;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.store.SandboxTimes;
import dev.atoll.manager.timer.Backoff;
import dev.atoll.manager.timer.Timers;
import dev.atoll.manager.transition.Commits;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.sandbox.Sandbox;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps what is and what should be together, for as long as it is open: hosts, ttls and the tables. All it does to a sandbox are events.
 */
public final class Reconciler implements AutoCloseable {
    private final List<HostWatcher> watchers;
    private final Expirations expirations;
    private final Housekeeping housekeeping;

    /** {@code executor} runs tasks that may block. */
    public Reconciler(
            List<HostClient> hosts,
            HostDirectory directory,
            SandboxStore store,
            EffectQueue effects,
            KeyedRequests requests,
            EventStore events,
            SandboxTimes times,
            Consumer<Sandbox> warned,
            SandboxTransitions transitions,
            Commits commits,
            Timers timers,
            Clock clock,
            Executor executor,
            RandomGenerator random,
            ReconcileSettings settings,
            MeterRegistry meters) {
        HostReconciler reconciler = new HostReconciler(store, transitions, meters);
        Backoff backoff = new Backoff(settings.firstBackoff(), settings.maxBackoff(), random);
        this.watchers = hosts.stream()
                .map(host ->
                        new HostWatcher(host, directory, store, reconciler, timers, clock, executor, backoff, settings))
                .toList();
        this.expirations = new Expirations(store, times, warned, transitions, timers, clock, settings);
        this.housekeeping = new Housekeeping(store, effects, requests, events, timers, clock, settings);
        commits.addListener(expirations);
    }

    public void start() {
        watchers.forEach(HostWatcher::start);
        expirations.start();
        housekeeping.start();
    }

    @Override
    public void close() {
        housekeeping.close();
        expirations.close();
        watchers.forEach(HostWatcher::close);
    }
}
