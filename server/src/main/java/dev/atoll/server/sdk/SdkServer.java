package dev.atoll.server.sdk;

import dev.atoll.api.key.Authentication;
import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.exec.Execs;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.server.settings.ListenAddress;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Listens for SDKs. Closing it refuses new calls, and ends those that go on after {@link #STOP_MILLIS}. */
public final class SdkServer implements AutoCloseable {
    /** Bytes of one message: a command with the largest arguments and environment that there are, and no input is longer. */
    static final int MAX_MESSAGE_BYTES = 1 << 20;

    static final int MAX_METADATA_BYTES = 16 << 10;
    static final int MAX_CALLS_PER_CONNECTION = 1_000;

    private static final long STOP_MILLIS = 2_000;
    private static final long KEEP_ALIVE_SECONDS = 15;
    private static final long LEAST_PING_SECONDS = 5;
    private static final int WINDOW_BYTES = 256 << 10;

    private final Server server;

    private SdkServer(Server server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param threads makes virtual threads; belongs to the caller and is closed after this
     */
    public static SdkServer start(
            ListenAddress address,
            Authentication authentication,
            Execs execs,
            Attachments attachments,
            ExecutorService threads) {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
                .executor(threads)
                .addService(new ExecsService(execs, attachments, threads))
                .intercept(new KeyCheck(authentication))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .flowControlWindow(WINDOW_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .build();
        try {
            return new SdkServer(server.start());
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.NOT_PERMITTED,
                            "SDKs cannot be listened for on " + address + ": " + e.getMessage() + ".",
                            "Choose another address with ATOLL_GRPC_LISTEN, or set it to off."),
                    e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdown();
        if (!server.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
            server.shutdownNow();
            server.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
