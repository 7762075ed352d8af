package dev.atoll.api.http;

import dev.atoll.api.key.Authentication;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP server. Each request has a virtual thread for as long as it lasts; only accepting and selecting have platform threads.
 * Closing it refuses new requests and lets those on their way have {@link #STOP_TIMEOUT_MILLIS} to end.
 */
public final class ApiServer implements AutoCloseable {
    /** Connections at a time; further ones wait in the kernel's queue. */
    public static final int MAX_CONNECTIONS = 4_096;

    /** How long a close waits for requests on their way. */
    public static final long STOP_TIMEOUT_MILLIS = 2_000;

    private static final int PLATFORM_THREADS = 16;
    private static final int LEAST_PLATFORM_THREADS = 3;
    private static final int ACCEPT_QUEUE = 512;
    private static final int OUTPUT_BUFFER_BYTES = 32 << 10;

    private final Javalin javalin;

    private ApiServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 takes a free one
     * @param requests makes the virtual threads; belongs to the caller and is closed after this
     */
    public static ApiServer start(
            String host,
            int port,
            RouteTable table,
            Authentication authentication,
            MeterRegistry registry,
            ExecutorService requests,
            RandomGenerator random) {
        RequestIds ids = new RequestIds(random);
        Dispatch dispatch = new Dispatch(table, authentication, ids, new HttpMetrics(registry), RequestMemory.ofHeap());
        Javalin javalin = Javalin.create(config -> {
            configureJavalin(config);
            configureJetty(config, host, port, requests, new JettyProblems(ids));
            addRoutes(config, table, dispatch);
        });
        return new ApiServer(javalin.start());
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private static void configureJavalin(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.router.ignoreTrailingSlashes = false;
        config.router.treatMultipleSlashesAsSingleSlash = false;
        config.router.caseInsensitiveRoutes = false;
    }

    private static void configureJetty(
            JavalinConfig config, String host, int port, ExecutorService requests, JettyProblems problems) {
        QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS, LEAST_PLATFORM_THREADS);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(requests);
        config.jetty.threadPool = threads;
        config.jetty.addConnector((server, ignored) -> connector(server, host, port));
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_TIMEOUT_MILLIS);
            server.setErrorHandler(problems);
            server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
        });
        config.jetty.modifyServletContextHandler(context -> {
            context.setErrorHandler(problems);
            context.setSessionHandler(new NoSessions());
            FilterHolder upgrades = new FilterHolder(new UpgradeFilter());
            upgrades.setAsyncSupported(true);
            context.addFilter(upgrades, "/*", EnumSet.of(DispatcherType.REQUEST));
        });
    }

    private static ServerConnector connector(Server server, String host, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(HttpLimits.MAX_HEADER_BYTES);
        http.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
        http.setUriCompliance(UriCompliance.RFC3986);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(HttpLimits.IDLE_TIMEOUT.toMillis());
        connector.setAcceptedTcpNoDelay(true);
        connector.setReuseAddress(true);
        return connector;
    }

    private static void addRoutes(JavalinConfig config, RouteTable table, Dispatch dispatch) {
        for (Route route : table.routes()) {
            config.routes.addHttpHandler(handlerType(route.method()), route.path(), dispatch.of(route));
            if (route.method() == Method.GET) {
                config.routes.addHttpHandler(HandlerType.HEAD, route.path(), dispatch.of(route));
            }
        }
        config.routes.exception(HttpResponseException.class, (e, context) -> dispatch.withoutRoute(context));
    }

    private static HandlerType handlerType(Method method) {
        return switch (method) {
            case GET -> HandlerType.GET;
            case POST -> HandlerType.POST;
            case PUT -> HandlerType.PUT;
            case DELETE -> HandlerType.DELETE;
        };
    }
}
