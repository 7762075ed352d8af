package dev.atoll.manager;

import dev.atoll.manager.context.ContextParts;
import dev.atoll.manager.context.InMemoryContextStore;
import dev.atoll.manager.database.Database;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.file.InMemoryUrlStore;
import dev.atoll.manager.health.Readiness;
import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.Hosts;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.key.ApiKey;
import dev.atoll.manager.key.ApiKeys;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.key.InMemoryKeyStore;
import dev.atoll.manager.repeat.InMemoryAnswers;
import dev.atoll.manager.run.InMemoryRunStore;
import dev.atoll.manager.run.Runs;
import dev.atoll.manager.sandbox.Draining;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.session.InMemorySessionStore;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.manager.store.InMemoryStore;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timer.ScheduledTimers;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;

/**
 * The whole control plane on real threads and the real clock, in memory with one {@link FakeHost} or on a database of the test's: for tests
 * of whatever stands on the use cases. Connected to its hosts when it is handed out.
 */
public final class TestingManager implements AutoCloseable {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ManagerParts parts;
    private final List<HostClient> hostClients;
    private final ScheduledExecutorService scheduler;
    private final ExecutorService threads;

    private TestingManager(
            ManagerStores stores, List<HostClient> hosts, RandomGenerator random, ManagerSettings settings) {
        this.hostClients = hosts;
        this.scheduler = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        Clock clock = clock();
        ManagerSurroundings around =
                new ManagerSurroundings(clock, random, new ScheduledTimers(clock, scheduler, threads), threads, meters);
        this.parts = ManagerParts.assemble(settings, stores, hosts, around);
        parts.outbox().start();
        parts.reconciler().start();
        parts.life().start();
        awaitHosts();
        parts.agents().start();
    }

    /** In memory, with one large host. */
    public static TestingManager inMemory() {
        return inMemory(FakeHost.large(new Ids(random()).host(), clock()));
    }

    public static TestingManager inMemory(HostClient... hosts) {
        return on(storesInMemory(), hosts);
    }

    /** Empty stores. */
    static ManagerStores storesInMemory() {
        InMemoryStore store = new InMemoryStore();
        return storesInMemory(store, store);
    }

    /** {@code store}, whose sandboxes are reached through {@code sandboxes}, and empty stores for all else. */
    static ManagerStores storesInMemory(SandboxStore sandboxes, InMemoryStore store) {
        return new ManagerStores(
                sandboxes,
                store,
                store,
                new InMemoryKeyStore(),
                new InMemorySessionStore(),
                new InMemoryContextStore(),
                new InMemoryUrlStore(),
                new InMemoryAnswers(),
                new InMemoryRunStore(),
                store.events(),
                store.times());
    }

    /** On these stores, with what was left there made free to be taken up, as after the end of the only process that worked on them. */
    static TestingManager on(ManagerStores stores, HostClient... hosts) {
        stores.effects().releaseAll(clock().instant());
        stores.runs().releaseAll(clock().instant());
        return new TestingManager(stores, List.of(hosts), random(), ManagerSettings.DEFAULTS);
    }

    /** On a database, which stays the caller's to close. */
    public static TestingManager on(Database database, HostClient... hosts) {
        return on(ManagerStores.in(database), hosts);
    }

    /** Microseconds, as the database keeps them. */
    public static Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    }

    public Sandboxes sandboxes() {
        return parts.sandboxes();
    }

    public Execs execs() {
        return parts.execs();
    }

    public LifeParts life() {
        return parts.life();
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

    public Runs runs() {
        return parts.agents().runs();
    }

    /** What a counter with this tag has counted. */
    double counted(String family, String tag, String value) {
        return meters.get(family).tag(tag, value).counter().count();
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

    public ApiKeys keys() {
        return parts.keys();
    }

    public Readiness readiness() {
        return parts.readiness();
    }

    /** The host, when there is one and it is a fake. */
    public FakeHost host() {
        return (FakeHost) hostClients.getFirst();
    }

    /** A caller in the first workspace, with a key of its own. */
    public Caller caller() {
        return keys().authenticate(adminKey().secret());
    }

    /** A new sandbox of the usual kind that runs. */
    public SandboxId runningSandbox(Caller owner) {
        return sandboxes()
                .create(owner, TestingSpecs.spec(), Optional.empty(), CONNECT_PATIENCE)
                .sandbox()
                .id();
    }

    /** A new key of the first workspace. */
    public ApiKey adminKey() {
        return keys().bootstrap(Optional.empty()).orElseThrow();
    }

    /** A caller in a workspace of its own. In a database its workspace would have to be there first, so this one has no key. */
    public Caller stranger() {
        Ids ids = new Ids(random());
        return new Caller(ids.workspace(), ids.key());
    }

    /** Stops at once, as if killed: nothing is finished, and what was committed stays. */
    @Override
    public void close() {
        parts.life().close();
        parts.agents().close();
        parts.files().close();
        parts.reconciler().close();
        parts.outbox().close();
        scheduler.shutdownNow();
        threads.shutdownNow();
    }

    Draining draining() {
        return parts.draining();
    }

    /** Creates that wait for room. */
    int waitingForRoom() {
        return (int) meters.get("atoll.admission.waiting").gauge().value();
    }

    private void awaitHosts() {
        Awaitility.await()
                .atMost(CONNECT_PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> parts.hosts().look().size() == hostClients.size());
    }

    private static RandomGenerator random() {
        return new SecureRandom();
    }
}
