package dev.atoll.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.attach.AttachRoutes;
import dev.atoll.api.attach.AttachTickets;
import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.api.event.EventFollowing;
import dev.atoll.api.file.WatchFollowing;
import dev.atoll.api.http.ApiServer;
import dev.atoll.api.http.RouteTable;
import dev.atoll.api.key.Authentication;
import dev.atoll.manager.TestingManager;
import dev.atoll.manager.exec.Attachments;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The whole API over HTTP, on a control plane in memory with one fake host. */
public final class TestingApi implements AutoCloseable {
    private final TestingManager manager = TestingManager.inMemory();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final WatchFollowing watches = new WatchFollowing(manager.files().files());
    private final Attachments attachments;
    private final ApiServer server;
    private final ContractClient client;

    private final EventFollowing events = new EventFollowing();

    public TestingApi() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Authentication authentication = new Authentication(manager.keys());
        attachments = new Attachments(manager.execs(), metrics);
        AttachRoutes attaching = new AttachRoutes(
                manager.execs(),
                attachments,
                new AttachTickets(new Random(2), Clock.systemUTC()),
                authentication,
                threads);
        RouteTable routes = Api.routes(
                "test",
                manager.sandboxes(),
                manager.execs(),
                manager.life(),
                events,
                manager.sessions(),
                manager.contexts(),
                attachments,
                attaching,
                manager.files(),
                watches,
                manager.agents(),
                manager.images(),
                manager.hosts(),
                manager.readiness(),
                metrics);
        server = ApiServer.start("127.0.0.1", 0, routes, authentication, metrics, threads, new Random(1));
        client = ContractClient.of(server.port(), manager.adminKey().secret());
    }

    public ContractClient client() {
        return client;
    }

    public int port() {
        return server.port();
    }

    /** Ends streams of changes, as the platform does when it is stopped. */
    public void stopStreams() {
        events.close();
        watches.close();
    }

    /** The path of a new sandbox that runs. */
    public String sandbox() {
        Answer created = client.post("/v1/sandboxes?wait=30s", "{}");
        assertThat(created.at("/state")).as(created.text()).isEqualTo("running");
        return "/v1/sandboxes/" + created.at("/id");
    }

    @Override
    public void close() {
        events.close();
        watches.close();
        attachments.close();
        server.close();
        manager.close();
        threads.shutdownNow();
    }
}
