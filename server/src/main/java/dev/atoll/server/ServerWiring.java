package dev.atoll.server;

import dev.atoll.api.Api;
import dev.atoll.api.attach.AttachRoutes;
import dev.atoll.api.attach.AttachTickets;
import dev.atoll.api.event.EventFollowing;
import dev.atoll.api.file.WatchFollowing;
import dev.atoll.api.http.ApiServer;
import dev.atoll.api.http.RouteTable;
import dev.atoll.api.key.Authentication;
import dev.atoll.hostagent.HostAgent;
import dev.atoll.hostagent.HostAgentSettings;
import dev.atoll.hostagent.HostAgentWiring;
import dev.atoll.hostagent.sandbox.OrphanSweep;
import dev.atoll.imagecas.debian.BaseImage;
import dev.atoll.isolation.runsc.RunscBinary;
import dev.atoll.manager.ManagerSettings;
import dev.atoll.manager.ManagerWiring;
import dev.atoll.manager.database.ConnectionSettings;
import dev.atoll.manager.database.Database;
import dev.atoll.manager.database.EmbeddedDatabase;
import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.host.CallSettings;
import dev.atoll.manager.host.GrpcHostClient;
import dev.atoll.manager.key.ApiKeys;
import dev.atoll.manager.placement.PlacementSettings;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.server.sdk.SdkServer;
import dev.atoll.server.settings.ServerSettings;
import dev.atoll.server.start.AdminKeyFile;
import dev.atoll.server.start.DataDirectory;
import dev.atoll.server.start.DrainRequest;
import dev.atoll.server.start.HomeLock;
import dev.atoll.server.start.ListenPort;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The whole platform in one process, from the first thing it needs to the last: data directory, database and host agent at the same time,
 * control plane, API. What was opened is closed in reverse, also when a later part does not start.
 */
public final class ServerWiring implements AutoCloseable {
    private final Opened opened;
    private final ApiServer api;
    private final Optional<SdkServer> sdks;
    private final ManagerWiring manager;
    private final Database database;
    private final DrainRequest drainRequest;

    private ServerWiring(ServerSettings settings, HostLink.Maker toHost, Opened opened) {
        this.opened = opened;
        PrometheusMeterRegistry metrics = metrics();
        DataDirectory.requireRoot();
        DataDirectory.require(settings.home());
        opened.add(HomeLock.take(settings.home(), ProcessHandle.current().pid()));
        this.drainRequest = DrainRequest.none(settings.home());
        ListenPort.require(settings.listen());
        settings.grpcListen().ifPresent(ListenPort::requireForSdks);
        // The agent asks again; asked here first, a runtime that cannot be used is refused before a database is made.
        RunscBinary.detect(settings.runsc());

        ExecutorService threads = opened.add(threads("platform-"));
        Future<Database> databaseToBe = threads.submit(() -> opened.add(database(settings)));
        Future<HostAgent> agentToBe =
                threads.submit(() -> opened.add(HostAgentWiring.start(host(settings), metrics, Clock.systemUTC())));
        HostAgent agent = joined(agentToBe);
        this.database = joined(databaseToBe);

        HostLink link = opened.add(HostLink.open(toHost, agent.services()));
        this.manager = opened.add(manager(settings, database, link, metrics));
        ApiKeys keys = manager.keys();
        AdminKeyFile adminKey = new AdminKeyFile(settings.home());
        keys.bootstrap(adminKey.read()).ifPresent(key -> adminKey.write(key.secret()));

        ExecutorService requests = opened.add(threads("request-"));
        EventFollowing eventFollowing = new EventFollowing();
        WatchFollowing watchFollowing = new WatchFollowing(manager.files().files());
        Attachments attachments = new Attachments(manager.execs(), metrics);
        Authentication authentication = new Authentication(keys);
        SecureRandom random = new SecureRandom();
        AttachRoutes attaching = new AttachRoutes(
                manager.execs(), attachments, new AttachTickets(random, Clock.systemUTC()), authentication, requests);
        RouteTable routes = Api.routes(
                Version.text(),
                manager.sandboxes(),
                manager.execs(),
                manager.life(),
                eventFollowing,
                manager.sessions(),
                manager.contexts(),
                attachments,
                attaching,
                manager.files(),
                watchFollowing,
                manager.agents(),
                manager.images(),
                manager.hosts(),
                manager.readiness(),
                metrics);
        this.sdks = settings.grpcListen()
                .map(address ->
                        opened.add(SdkServer.start(address, authentication, manager.execs(), attachments, requests)));
        // Last, as who asks it whether the platform is up takes an answer for the whole of it.
        this.api = opened.add(ApiServer.start(
                settings.listen().host(), settings.listen().port(), routes, authentication, metrics, requests, random));
        List.of(attachments, watchFollowing, eventFollowing).forEach(opened::add);
    }

    private static ManagerWiring manager(
            ServerSettings settings, Database database, HostLink link, MeterRegistry metrics) {
        return ManagerWiring.start(
                ManagerSettings.DEFAULTS.withPlacement(new PlacementSettings(settings.cpuOvercommitPercent() / 100.0)),
                database,
                List.of(new GrpcHostClient(link.channel(), CallSettings.DEFAULTS)),
                metrics);
    }

    /** Starts everything; throws a problem that says what is missing and what to do, with nothing left open. */
    public static ServerWiring start(ServerSettings settings) {
        return start(settings, HostLink.inProcess("host-agent-" + settings.home()));
    }

    /** Removes what nobody owns while no platform runs on the data directory; refuses when one does. */
    static List<OrphanSweep.Orphan> sweep(ServerSettings settings) throws IOException {
        DataDirectory.requireRoot();
        DataDirectory.require(settings.home());
        try (HomeLock _ = HomeLock.take(settings.home(), ProcessHandle.current().pid())) {
            return HostAgentWiring.sweep(host(settings));
        }
    }

    static ServerWiring start(ServerSettings settings, HostLink.Maker toHost) {
        Opened all = new Opened();
        try {
            return new ServerWiring(settings, toHost, all);
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    /** Runs each task on a thread of its own. */
    private static ExecutorService threads(String name) {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name, 0).factory());
    }

    private static PrometheusMeterRegistry metrics() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        return metrics;
    }

    private static Database database(ServerSettings settings) {
        return settings.databaseUrl().isPresent()
                ? ExternalDatabase.open(settings.databaseUrl().get(), ConnectionSettings.DEFAULTS)
                : EmbeddedDatabase.open(settings.home().resolve("database"), ConnectionSettings.DEFAULTS);
    }

    /** The control group below which the sandboxes of this host have theirs. */
    static String cgroupParent(ServerSettings settings) {
        return host(settings).cgroupParent();
    }

    private static HostAgentSettings host(ServerSettings settings) {
        HostAgentSettings defaults = HostAgentSettings.of(settings.home().resolve("host"), settings.runsc());
        return new HostAgentSettings(
                defaults.dataDirectory(),
                defaults.runsc(),
                settings.platform(),
                settings.cgroupParent().orElse(defaults.cgroupParent()),
                defaults.memoryReserveBytes(),
                defaults.bootsAtOnce(),
                settings.pool(HostAgentWiring.poolOfThisHost(), BaseImage.NAME, SandboxSize.DEFAULT),
                Map.of(BaseImage.NAME, BaseImage.recipe(settings.debianMirror())),
                defaults.imageLimits(),
                settings.sandboxes(defaults.sandboxes()),
                defaults.execs(),
                defaults.output(),
                settings.retention());
    }

    /** Waits for a part that opens. When it fails, the threads' end waits for the other, which is then closed with the rest. */
    private static <T> T joined(Future<T> part) {
        try {
            return part.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw new ProblemException(problem.problem(), problem);
            }
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.INTERNAL,
                            "The platform could not be started: " + e.getCause(),
                            "See the log for where it failed."),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The start was interrupted.")
                    .asException();
        }
    }

    /** Whether whoever stops this platform wants its sandboxes ended as well. */
    boolean isToDrain() {
        return drainRequest.isMade();
    }

    /**
     * Ends every sandbox and makes no more; answers how many have not ended when {@code patience} is over. Without this, sandboxes outlive
     * the platform's process and are taken over by the next.
     */
    public int drain(Duration patience) {
        return manager.draining().drain(patience);
    }

    /** The port of the API. */
    public int port() {
        return api.port();
    }

    /** The port for SDKs, 0 when there is none. */
    public int grpcPort() {
        return sdks.map(SdkServer::port).orElse(0);
    }

    /** Issues keys, for tests that need a second workspace. */
    ApiKeys keys() {
        return manager.keys();
    }

    /** Where the truth lies, for tests. */
    Database database() {
        return database;
    }

    @Override
    public void close() {
        opened.close();
    }
}
