package dev.atoll.server;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The way from the control plane to the host agent. */
record HostLink(Server server, ManagedChannel channel) implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    /** Makes a link to an agent's services. */
    interface Maker {
        HostLink to(List<ServerServiceDefinition> services) throws IOException;
    }

    /** Within this process: the very same calls as over a socket, without one. */
    static Maker inProcess(String name) {
        return services -> new HostLink(
                InProcessServerBuilder.forName(name)
                        .directExecutor()
                        .addServices(services)
                        .build()
                        .start(),
                InProcessChannelBuilder.forName(name).directExecutor().build());
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
        channel.shutdownNow();
        server.shutdownNow();
        server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
