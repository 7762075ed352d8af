package dev.atoll.server;

import dev.atoll.protocol.direct.DirectChannel;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The way from the control plane to the host agent.
 *
 * @param closing what is done to close it, in order; {@code server} is given some seconds then
 * @param afterwards lets go of what the two ends were made with
 */
record HostLink(Server server, Channel channel, List<Runnable> closing, Runnable afterwards) implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    /** Less than any deadline of a call. */
    private static final long SOONER_SECONDS = 1;

    HostLink(Server server, ManagedChannel channel) {
        this(server, channel, List.of(channel::shutdownNow, server::shutdownNow), () -> {});
    }

    /** Makes a link to an agent's services. */
    interface Maker {
        HostLink to(List<ServerServiceDefinition> services) throws IOException;
    }

    /** Within this process: the very same calls as over a socket, without one. */
    static Maker inProcess(String name) {
        return services -> {
            ScheduledExecutorService deadlines = deadlines();
            Server server = InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .scheduledExecutorService(deadlines)
                    .addServices(services)
                    .build()
                    .start();
            ManagedChannel streams = InProcessChannelBuilder.forName(name)
                    .directExecutor()
                    .scheduledExecutorService(deadlines)
                    .build();
            DirectChannel channel = new DirectChannel(services, streams, deadlines);
            return new HostLink(
                    server,
                    channel,
                    List.of(channel::close, streams::shutdownNow, server::shutdownNow),
                    deadlines::shutdownNow);
        };
    }

    /**
     * Where the deadlines of calls wait. A deadline that is the next thing to happen wakes the thread that waits for it, twice a call and
     * nearly always for nothing; so there is always something that happens sooner.
     */
    private static ScheduledExecutorService deadlines() {
        ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("link-deadlines").factory());
        deadlines.setRemoveOnCancelPolicy(true);
        deadlines.scheduleWithFixedDelay(() -> {}, SOONER_SECONDS, SOONER_SECONDS, TimeUnit.SECONDS);
        return deadlines;
    }

    static HostLink open(Maker maker, List<ServerServiceDefinition> services) {
        try {
            return maker.to(services);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closing.forEach(Runnable::run);
        server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        afterwards.run();
    }
}
