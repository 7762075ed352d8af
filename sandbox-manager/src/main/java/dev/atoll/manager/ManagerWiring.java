package dev.atoll.manager;

import dev.atoll.manager.context.ContextParts;
import dev.atoll.manager.database.Database;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.health.Readiness;
import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.Hosts;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.key.ApiKeys;
import dev.atoll.manager.sandbox.Draining;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.manager.timer.ScheduledTimers;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the control plane together on real threads and the real clock, starts it, and closes it in reverse. */
public final class ManagerWiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerWiring.class);

    /** How long effects that are being carried out may take to notice that they are to stop. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final ManagerParts parts;
    private final ScheduledExecutorService scheduler;
    private final ExecutorService threads;

    private ManagerWiring(ManagerParts parts, ScheduledExecutorService scheduler, ExecutorService threads) {
        this.parts = parts;
        this.scheduler = scheduler;
        this.threads = threads;
    }

    /**
     * Starts the control plane on an open database. Hosts are connected to in the background: {@link #readiness} tells when. Database,
     * hosts' channels and meters stay their owners' to close, after this.
     */
    public static ManagerWiring start(
            ManagerSettings settings, Database database, List<HostClient> hosts, MeterRegistry meters) {
        ManagerStores stores = ManagerStores.in(database);
        Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
        if (database.isExclusive()) {
            // Whoever had these at our last end is gone: nothing is to wait for leases to run out.
            stores.effects().releaseAll(clock.instant());
            stores.runs().releaseAll(clock.instant());
        }
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("manager-timers").factory());
        // A timer for a ttl that was overtaken must not stay until that ttl is over.
        scheduler.setRemoveOnCancelPolicy(true);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("manager-", 0).factory());
        ScheduledTimers timers = new ScheduledTimers(clock, scheduler, threads);
        ManagerSurroundings around = new ManagerSurroundings(clock, new SecureRandom(), timers, threads, meters);
        ManagerParts parts = ManagerParts.assemble(settings, stores, hosts, around);
        ManagerWiring wiring = new ManagerWiring(parts, scheduler, threads);
        try {
            parts.outbox().start();
            parts.reconciler().start();
            parts.life().start();
            parts.contexts().deadlines().start();
            parts.agents().start();
            return wiring;
        } catch (RuntimeException e) {
            wiring.close();
            throw e;
        }
    }

    public Sandboxes sandboxes() {
        return parts.sandboxes();
    }

    public Execs execs() {
        return parts.execs();
    }

    public ShellSessions sessions() {
        return parts.sessions();
    }

    public ContextParts contexts() {
        return parts.contexts();
    }

    public AgentParts agents() {
        return parts.agents();
    }

    public FileParts files() {
        return parts.files();
    }

    public Images images() {
        return parts.images();
    }

    public Hosts hosts() {
        return parts.hosts();
    }

    public Draining draining() {
        return parts.draining();
    }

    public LifeParts life() {
        return parts.life();
    }

    public ApiKeys keys() {
        return parts.keys();
    }

    public Readiness readiness() {
        return parts.readiness();
    }

    /**
     * Stops working; sandboxes go on, and what was not done is done after the next start. Calls that wait end with {@code shutting_down}.
     */
    @Override
    public void close() {
        parts.life().close();
        parts.agents().close();
        parts.files().close();
        parts.reconciler().close();
        parts.outbox().close();
        scheduler.shutdownNow();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Some work on hosts did not stop in time; it is repeated after the next start.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
