package dev.atoll.hostagent;

import com.google.protobuf.ByteString;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.Exec;
import dev.atoll.protocol.host.v1.ExecSpec;
import dev.atoll.protocol.host.v1.GetExecRequest;
import dev.atoll.protocol.host.v1.HostAgentGrpc;
import dev.atoll.protocol.host.v1.ImageReply;
import dev.atoll.protocol.host.v1.ImportImageRequest;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.OutputFrame;
import dev.atoll.protocol.host.v1.PrepareSandboxRequest;
import dev.atoll.protocol.host.v1.ReadOutputRequest;
import dev.atoll.protocol.host.v1.StartExecRequest;
import dev.atoll.protocol.host.v1.StopSandboxRequest;
import dev.atoll.protocol.host.v1.Stream;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a control plane does, in the fewest words, over any channel. Failed calls throw their problem. */
public final class HostClient {
    public static final String IMAGE = "busybox";
    private static final long WAIT_MILLIS = 30_000;
    private static final int UPLOAD_BYTES = 1 << 20;

    private final Channel channel;
    private final HostAgentGrpc.HostAgentBlockingStub host;
    private final Ids ids = new Ids(new SecureRandom());

    public HostClient(Channel channel) {
        this.channel = channel;
        this.host = HostAgentGrpc.newBlockingStub(channel);
    }

    public HostAgentGrpc.HostAgentBlockingStub host() {
        return host;
    }

    /** Imports the busybox image as {@link #IMAGE}. */
    public void importBusybox() throws Exception {
        CompletableFuture<ImageReply> reply = new CompletableFuture<>();
        StreamObserver<ImportImageRequest> upload = HostAgentGrpc.newStub(channel)
                .importImage(new StreamObserver<>() {
                    @Override
                    public void onNext(ImageReply value) {
                        reply.complete(value);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        reply.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        byte[] tar = TestImages.busyboxTar();
        upload.onNext(ImportImageRequest.newBuilder().setName(IMAGE).build());
        for (int at = 0; at < tar.length; at += UPLOAD_BYTES) {
            ByteString part = ByteString.copyFrom(tar, at, Math.min(UPLOAD_BYTES, tar.length - at));
            upload.onNext(ImportImageRequest.newBuilder().setData(part).build());
        }
        upload.onCompleted();
        reply.get(1, TimeUnit.MINUTES);
    }

    public String newSandboxId() {
        return ids.sandbox().value();
    }

    public String newExecId() {
        return ids.exec().value();
    }

    /** Makes a sandbox of the busybox image and answers its id. */
    public String prepare() {
        return prepare(newSandboxId(), 1, Map.of());
    }

    public String prepare(String id, long generation, Map<String, String> env) {
        return prepare(id, generation, env, 256L << 20);
    }

    public String prepare(String id, long generation, Map<String, String> env, long memoryBytes) {
        start(id, generation, env, memoryBytes);
        return id;
    }

    /** Makes a sandbox and says how it came to run. */
    public String start(String id, Map<String, String> env) {
        return start(id, 1, env, 256L << 20);
    }

    private String start(String id, long generation, Map<String, String> env, long memoryBytes) {
        return call(() -> host.prepareSandbox(PrepareSandboxRequest.newBuilder()
                        .setSandboxId(id)
                        .setGeneration(generation)
                        .setImageName(IMAGE)
                        .setCpuMillis(1_000)
                        .setMemoryBytes(memoryBytes)
                        .setDiskBytes(1L << 30)
                        .setPids(1_024)
                        .setWarm(true)
                        .putAllEnv(env)
                        .build()))
                .getStart();
    }

    public void stop(String id, long generation) {
        call(() -> host.stopSandbox(StopSandboxRequest.newBuilder()
                .setSandboxId(id)
                .setGeneration(generation)
                .build()));
    }

    public static ExecSpec.Builder command(String... argv) {
        return ExecSpec.newBuilder().addAllArgv(List.of(argv));
    }

    /** Starts a command and waits for its end. */
    public Exec run(String sandbox, ExecSpec.Builder spec) {
        return start(sandbox, newExecId(), spec, WAIT_MILLIS);
    }

    public Exec run(String sandbox, String... argv) {
        return run(sandbox, command(argv));
    }

    public Exec start(String sandbox, String id, ExecSpec.Builder spec, long waitMillis) {
        return call(() -> host.startExec(StartExecRequest.newBuilder()
                        .setSandboxId(sandbox)
                        .setExecId(id)
                        .setSpec(spec)
                        .setWaitMs(waitMillis)
                        .build()))
                .getExec();
    }

    public Exec awaitEnd(Exec exec) {
        return call(() -> host.getExec(GetExecRequest.newBuilder()
                        .setSandboxId(exec.getSandboxId())
                        .setExecId(exec.getExecId())
                        .setWaitMs(WAIT_MILLIS)
                        .build()))
                .getExec();
    }

    /** All output of one stream, from the first byte to the end of the exec. */
    public String output(Exec exec, Stream stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        call(() -> {
            Iterator<OutputChunk> chunks = follow(exec, stream, 0);
            while (chunks.hasNext()) {
                for (OutputFrame frame : chunks.next().getFramesList()) {
                    all.writeBytes(frame.getData().toByteArray());
                }
            }
            return all;
        });
        return all.toString(StandardCharsets.UTF_8);
    }

    /** What there is of the output now. */
    public String soFar(Exec exec, Stream stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        call(() -> {
            Iterator<OutputChunk> chunks = host.readOutput(ReadOutputRequest.newBuilder()
                    .setSandboxId(exec.getSandboxId())
                    .setExecId(exec.getExecId())
                    .setStream(stream)
                    .build());
            while (chunks.hasNext()) {
                for (OutputFrame frame : chunks.next().getFramesList()) {
                    all.writeBytes(frame.getData().toByteArray());
                }
            }
            return all;
        });
        return all.toString(StandardCharsets.UTF_8);
    }

    public Iterator<OutputChunk> follow(Exec exec, Stream stream, long offset) {
        return host.readOutput(ReadOutputRequest.newBuilder()
                .setSandboxId(exec.getSandboxId())
                .setExecId(exec.getExecId())
                .setStream(stream)
                .setOffset(offset)
                .setWaitMs(WAIT_MILLIS)
                .setFollow(true)
                .build());
    }

    public static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException failed) {
            ProblemException problem = ProblemStatus.toProblem(failed);
            throw problem;
        }
    }
}
