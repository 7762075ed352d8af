package dev.atoll.server;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** The way from the control plane to the host agent. */
record HostLink(Server server, ManagedChannel channel) implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    /** Makes a link to an agent's service. */
    interface Maker {
        HostLink to(BindableService service) throws IOException;
    }

    /** Within this process: the very same calls as over a socket, without one. */
    static Maker inProcess(String name) {
        return service -> new HostLink(
                InProcessServerBuilder.forName(name)
                        .directExecutor()
                        .addService(service)
                        .build()
                        .start(),
                InProcessChannelBuilder.forName(name).directExecutor().build());
    }

    static HostLink open(Maker maker, BindableService service) {
        try {
            return maker.to(service);
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
