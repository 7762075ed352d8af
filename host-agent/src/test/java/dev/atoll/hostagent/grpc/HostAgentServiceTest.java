package dev.atoll.hostagent.grpc;

import static dev.atoll.hostagent.HostClient.call;
import static dev.atoll.hostagent.HostClient.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.FakeAgent;
import dev.atoll.hostagent.HostClient;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.host.v1.DescribeRequest;
import dev.atoll.protocol.host.v1.DescribeResponse;
import dev.atoll.protocol.host.v1.Exec;
import dev.atoll.protocol.host.v1.GetImageRequest;
import dev.atoll.protocol.host.v1.HostAgentGrpc;
import dev.atoll.protocol.host.v1.ImageState;
import dev.atoll.protocol.host.v1.ListImagesRequest;
import dev.atoll.protocol.host.v1.ObserveSandboxesRequest;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.ReadOutputRequest;
import dev.atoll.protocol.host.v1.RemoveImageRequest;
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.Stream;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service over the transport that one process uses and over real sockets. */
@Timeout(120)
class HostAgentServiceTest {
    private static final String IN_PROCESS = "in-process";
    private static final String SOCKETS = "sockets";

    @TempDir
    Path directory;

    private FakeAgent agent;
    private Server server;
    private ManagedChannel channel;
    private HostClient client;

    private void open(String transport) throws Exception {
        agent = new FakeAgent(directory);
        if (transport.equals(IN_PROCESS)) {
            server = InProcessServerBuilder.forName("host")
                    .directExecutor()
                    .addServices(agent.agent().services())
                    .build()
                    .start();
            channel = InProcessChannelBuilder.forName("host").build();
        } else {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = NettyServerBuilder.forAddress(any)
                    .addServices(agent.agent().services())
                    .build()
                    .start();
            channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                    .usePlaintext()
                    .build();
        }
        client = new HostClient(channel);
        client.importBusybox();
    }

    @AfterEach
    void close() throws Exception {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination();
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {IN_PROCESS, SOCKETS})
    void aSandboxFromItsMakingToItsRemoval(String transport) throws Exception {
        open(transport);
        DescribeResponse host = client.host().describe(DescribeRequest.getDefaultInstance());
        assertThat(host.getHostId()).startsWith("host_");
        assertThat(host.getCpuMillis()).isPositive();
        assertThat(host.getMemoryBytes()).isPositive();

        String sandbox = client.prepare();
        Exec exec = client.run(sandbox, "echo", "hello");
        assertThat(exec.getEnd().getExitCode()).isZero();
        assertThat(client.output(exec, Stream.STREAM_STDOUT)).isEqualTo("hello\n");
        client.stop(sandbox, 2);
        client.stop(sandbox, 2);
        assertCode(ProblemCode.SANDBOX_STOPPED, () -> client.run(sandbox, "true"));
        assertCode(ProblemCode.STALE_GENERATION, () -> client.prepare(sandbox, 1, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {IN_PROCESS, SOCKETS})
    void aReaderThatTakesOneMessageAtATimeGetsEveryByteAndHoldsTheRest(String transport) throws Exception {
        open(transport);
        String sandbox = client.prepare();
        long total = 80 << 20;
        Exec exec = client.start(sandbox, client.newExecId(), command("flood", Long.toString(total)), 0);
        AtomicLong received = new AtomicLong();
        AtomicLong closed = new AtomicLong();
        ClientCall<ReadOutputRequest, OutputChunk> call =
                channel.newCall(HostAgentGrpc.getReadOutputMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(OutputChunk chunk) {
                        received.set(chunk.getNextOffset());
                        call.request(1);
                    }

                    @Override
                    public void onClose(io.grpc.Status status, Metadata trailers) {
                        closed.set(status.isOk() ? 1 : -1);
                    }
                },
                new Metadata());
        call.sendMessage(ReadOutputRequest.newBuilder()
                .setSandboxId(sandbox)
                .setExecId(exec.getExecId())
                .setFollow(true)
                .setWaitMs(30_000)
                .build());
        call.halfClose();
        call.request(1);

        await().atMost(java.time.Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(closed).hasValue(1));
        assertThat(received).hasValue(total);
    }

    @Test
    void aPollOfOutputEndsWithItsWaitAndSaysWhereToGoOn() throws Exception {
        open(IN_PROCESS);
        String sandbox = client.prepare();
        Exec exec = client.start(sandbox, client.newExecId(), command("sleep"), 0);
        OutputChunk nothing = poll(exec, 0, 50).getLast();
        assertThat(nothing.getNextOffset()).isZero();
        assertThat(nothing.getEof()).isFalse();

        Exec ended = client.run(sandbox, "echo", "0123456789");
        List<OutputChunk> all = poll(ended, 4, 0);
        assertThat(all.getFirst().getFrames(0).getData().toStringUtf8()).isEqualTo("456789\n");
        assertThat(all.getLast().getNextOffset()).isEqualTo(11);
        assertThat(all.getLast().getEof()).isTrue();
        assertCode(ProblemCode.OFFSET_BEYOND_END, () -> poll(ended, 12, 0));
        Exec unknown = ended.toBuilder().setExecId(client.newExecId()).build();
        assertCode(ProblemCode.EXEC_NOT_FOUND, () -> poll(unknown, 0, 0));
    }

    @Test
    void observersGetThePictureThenTheChanges() throws Exception {
        open(IN_PROCESS);
        String before = client.prepare();
        Iterator<SandboxObservation> seen =
                client.host().observeSandboxes(ObserveSandboxesRequest.getDefaultInstance());
        assertThat(seen.next().getPresent().getSandboxId()).isEqualTo(before);
        assertThat(seen.next().hasSnapshotEnd()).isTrue();
        String after = client.prepare();
        SandboxObservation making = seen.next();
        assertThat(making.getPresent().getSandboxId()).isEqualTo(after);
        assertThat(making.getPresent().getRunning()).isFalse();
        SandboxObservation running = seen.next();
        assertThat(running.getPresent().getRunning()).isTrue();
        assertThat(running.getPresent().getImageId()).startsWith("img_");
    }

    @Test
    void imagesAreListedFoundAndRemoved() throws Exception {
        open(IN_PROCESS);
        assertThat(client.host()
                        .listImages(ListImagesRequest.getDefaultInstance())
                        .getImagesList())
                .singleElement()
                .satisfies(image -> {
                    assertThat(image.getName()).isEqualTo(HostClient.IMAGE);
                    assertThat(image.getState()).isEqualTo(ImageState.IMAGE_STATE_READY);
                });
        String sandbox = client.prepare();
        RemoveImageRequest remove =
                RemoveImageRequest.newBuilder().setName(HostClient.IMAGE).build();
        assertCode(ProblemCode.IMAGE_IN_USE, () -> client.host().removeImage(remove));
        client.stop(sandbox, 2);
        client.host().removeImage(remove);
        GetImageRequest get = GetImageRequest.newBuilder()
                .setName(HostClient.IMAGE)
                .setMake(true)
                .build();
        assertCode(ProblemCode.IMAGE_NOT_FOUND, () -> client.host().getImage(get));
        assertCode(ProblemCode.IMAGE_NOT_FOUND, () -> client.prepare());
    }

    @Test
    void malformedRequestsAreProblems() throws Exception {
        open(IN_PROCESS);
        assertCode(ProblemCode.INVALID_ID, () -> client.stop("nonsense", 1));
        assertCode(ProblemCode.SANDBOX_NOT_FOUND, () -> client.run(client.newSandboxId(), "true"));
        String sandbox = client.prepare();
        assertCode(ProblemCode.INVALID_COMMAND, () -> client.run(sandbox, "a\0b"));
        assertCode(ProblemCode.INVALID_COMMAND, () -> client.run(sandbox));
        assertCode(ProblemCode.INVALID_ID, () -> client.start(sandbox, sandbox, command("true"), 0));
    }

    private List<OutputChunk> poll(Exec exec, long offset, long waitMillis) {
        return call(() -> {
            List<OutputChunk> all = new ArrayList<>();
            client.host()
                    .readOutput(ReadOutputRequest.newBuilder()
                            .setSandboxId(exec.getSandboxId())
                            .setExecId(exec.getExecId())
                            .setOffset(offset)
                            .setMaxBytes(1 << 20)
                            .setWaitMs(waitMillis)
                            .build())
                    .forEachRemaining(all::add);
            return all;
        });
    }

    private static void assertCode(ProblemCode code, ThrowingCallable request) {
        assertThatThrownBy(() -> call(() -> {
                    try {
                        request.call();
                        return null;
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                }))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
