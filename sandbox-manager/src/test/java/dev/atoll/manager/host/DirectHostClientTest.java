package dev.atoll.manager.host;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.protocol.direct.DirectChannel;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same without a transport, as where both ends are in one process. */
final class DirectHostClientTest extends HostClientContract {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor();
    private Server server;
    private ManagedChannel streams;
    private DirectChannel channel;

    @BeforeEach
    void open() throws IOException {
        List<BindableService> services = List.of(new FakeHostService(host), new FakeActivityService(host));
        InProcessServerBuilder builder =
                InProcessServerBuilder.forName("direct-" + host.id().value()).executor(threads);
        services.forEach(builder::addService);
        server = builder.build().start();
        streams = InProcessChannelBuilder.forName("direct-" + host.id().value())
                .executor(threads)
                .build();
        channel = new DirectChannel(
                services.stream().map(BindableService::bindService).toList(), streams, deadlines);
    }

    @AfterEach
    void close() {
        channel.close();
        streams.shutdownNow();
        server.shutdownNow();
        deadlines.shutdownNow();
        threads.close();
    }

    @Override
    HostClient client() {
        return new GrpcHostClient(channel, CallSettings.DEFAULTS);
    }

    @Test
    void saysThatTheHostDoesNotAnswer() {
        channel.close();
        refuses(ProblemCode.HOST_UNAVAILABLE, () -> client().describe());
    }
}
