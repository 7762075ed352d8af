package dev.atoll.manager.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.ProblemCode;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GrpcHostClientTest extends HostClientContract {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeHostService service = new FakeHostService(host);
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void open() throws IOException {
        server = InProcessServerBuilder.forName(host.id().value())
                .executor(threads)
                .addService(service)
                .addService(new FakeActivityService(host))
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(host.id().value())
                .executor(threads)
                .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
        threads.close();
    }

    @Override
    HostClient client() {
        return new GrpcHostClient(channel, CallSettings.DEFAULTS);
    }

    @Test
    void leavesOnTheHostWhatIsNotRead() {
        Exec exec = run("bytes", "20000000");
        try (OutputReader reader = client().execs().follow(sandbox, exec.id(), StreamChoice.ALL, 0)) {
            assertThat(reader.next(PATIENCE)).isPresent();
            assertThat(reader.next(PATIENCE)).isPresent();
            assertThat(service.sentBytes())
                    .as("bytes under way for a reader that stopped")
                    .isLessThan(2_000_000);
        }
    }

    @Test
    void saysThatTheHostDoesNotAnswer() {
        server.shutdownNow();
        refuses(ProblemCode.HOST_UNAVAILABLE, () -> client().describe());
    }
}
