package dev.atoll.manager.host;

import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.protocol.ExecMessages;
import dev.atoll.protocol.HostMessages;
import dev.atoll.protocol.ImageMessages;
import dev.atoll.protocol.OutputMessages;
import dev.atoll.protocol.PoolMessages;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.DescribeRequest;
import dev.atoll.protocol.host.v1.DescribeResponse;
import dev.atoll.protocol.host.v1.ExecReply;
import dev.atoll.protocol.host.v1.GetExecRequest;
import dev.atoll.protocol.host.v1.GetImageRequest;
import dev.atoll.protocol.host.v1.HostAgentGrpc;
import dev.atoll.protocol.host.v1.ImageReply;
import dev.atoll.protocol.host.v1.ImportImageRequest;
import dev.atoll.protocol.host.v1.ListExecsRequest;
import dev.atoll.protocol.host.v1.ListExecsResponse;
import dev.atoll.protocol.host.v1.ListImagesRequest;
import dev.atoll.protocol.host.v1.ListImagesResponse;
import dev.atoll.protocol.host.v1.ListPoolsRequest;
import dev.atoll.protocol.host.v1.ListPoolsResponse;
import dev.atoll.protocol.host.v1.ObserveSandboxesRequest;
import dev.atoll.protocol.host.v1.Orphan;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.PrepareSandboxRequest;
import dev.atoll.protocol.host.v1.PrepareSandboxResponse;
import dev.atoll.protocol.host.v1.ReadOutputRequest;
import dev.atoll.protocol.host.v1.RemoveImageRequest;
import dev.atoll.protocol.host.v1.RemoveImageResponse;
import dev.atoll.protocol.host.v1.ResizeExecRequest;
import dev.atoll.protocol.host.v1.ResizeExecResponse;
import dev.atoll.protocol.host.v1.SandboxEnded;
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.SandboxPresent;
import dev.atoll.protocol.host.v1.SignalExecRequest;
import dev.atoll.protocol.host.v1.SignalExecResponse;
import dev.atoll.protocol.host.v1.SnapshotEnd;
import dev.atoll.protocol.host.v1.StartExecRequest;
import dev.atoll.protocol.host.v1.StopSandboxRequest;
import dev.atoll.protocol.host.v1.StopSandboxResponse;
import dev.atoll.protocol.host.v1.SweepOrphansRequest;
import dev.atoll.protocol.host.v1.SweepOrphansResponse;
import dev.atoll.protocol.host.v1.WriteInputRequest;
import dev.atoll.protocol.host.v1.WriteInputResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A {@link FakeHost} behind gRPC, so that what is true of the fake can be tested through a channel. */
final class FakeHostService extends HostAgentGrpc.HostAgentImplBase {
    private static final long CHUNK_BYTES = 64 * 1024;

    private final FakeHost host;
    private final AtomicLong sentBytes = new AtomicLong();

    FakeHostService(FakeHost host) {
        this.host = host;
    }

    /** Bytes of output that were handed to gRPC. */
    long sentBytes() {
        return sentBytes.get();
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> to) {
        answer(to, () -> HostMessages.toMessage(host.describe()));
    }

    @Override
    public void prepareSandbox(PrepareSandboxRequest request, StreamObserver<PrepareSandboxResponse> to) {
        SandboxSpec spec = new SandboxSpec(
                Optional.empty(),
                new ImageName(request.getImageName()),
                new SandboxSize(
                        new CpuAmount(request.getCpuMillis()),
                        new MemorySize(request.getMemoryBytes()),
                        new MemorySize(request.getDiskBytes()),
                        request.getPids()),
                Duration.ofHours(1),
                request.getEnvMap(),
                Map.of(),
                request.getWarm());
        answer(to, () -> {
            SandboxId sandbox = new SandboxId(request.getSandboxId());
            Optional<PreparedSandbox> made = request.getOnlyReady()
                    ? host.sandboxes().claim(sandbox, request.getGeneration(), spec)
                    : Optional.of(host.sandboxes().prepare(sandbox, request.getGeneration(), spec));
            PrepareSandboxResponse.Builder reply = PrepareSandboxResponse.newBuilder();
            made.ifPresent(box ->
                    reply.setImageId(box.image().value()).setStart(box.start().word()));
            return reply.build();
        });
    }

    @Override
    public void stopSandbox(StopSandboxRequest request, StreamObserver<StopSandboxResponse> to) {
        answer(to, () -> {
            SandboxId sandbox = new SandboxId(request.getSandboxId());
            if (request.getNeverWas()) {
                host.sandboxes().giveBack(sandbox, request.getGeneration());
            } else {
                host.sandboxes().stop(sandbox, request.getGeneration());
            }
            return StopSandboxResponse.getDefaultInstance();
        });
    }

    @Override
    public void observeSandboxes(ObserveSandboxesRequest request, StreamObserver<SandboxObservation> to) {
        ServerCallStreamObserver<SandboxObservation> call = (ServerCallStreamObserver<SandboxObservation>) to;
        HostSandboxes.Watch[] watch = new HostSandboxes.Watch[1];
        call.setOnCancelHandler(() -> watch[0].close());
        watch[0] = host.sandboxes().observe(observation -> {
            synchronized (call) {
                switch (observation) {
                    case HostObservation.Broken broken ->
                        call.onError(ProblemStatus.toStatus(broken.why().asException()));
                    case HostObservation.Present present -> call.onNext(message(present));
                    case HostObservation.Ended ended -> call.onNext(message(ended));
                    case HostObservation.SnapshotComplete complete ->
                        call.onNext(SandboxObservation.newBuilder()
                                .setSnapshotEnd(SnapshotEnd.getDefaultInstance())
                                .build());
                }
            }
        });
    }

    private static SandboxObservation message(HostObservation.Present present) {
        return SandboxObservation.newBuilder()
                .setPresent(SandboxPresent.newBuilder()
                        .setSandboxId(present.sandbox().value())
                        .setGeneration(present.generation())
                        .setRunning(present.running())
                        .setImageId(present.image().map(ImageId::value).orElse("")))
                .build();
    }

    private static SandboxObservation message(HostObservation.Ended ended) {
        return SandboxObservation.newBuilder()
                .setEnded(SandboxEnded.newBuilder()
                        .setSandboxId(ended.sandbox().value())
                        .setGeneration(ended.generation())
                        .setReason(ended.reason().word())
                        .setDetail(ended.detail()))
                .build();
    }

    @Override
    public void startExec(StartExecRequest request, StreamObserver<ExecReply> to) {
        answer(
                to,
                () -> ExecReply.newBuilder()
                        .setExec(ExecMessages.toMessage(host.execs()
                                .start(
                                        new SandboxId(request.getSandboxId()),
                                        new ExecId(request.getExecId()),
                                        ExecMessages.toModel(request.getSpec()),
                                        Duration.ofMillis(request.getWaitMs()))))
                        .build());
    }

    @Override
    public void getExec(GetExecRequest request, StreamObserver<ExecReply> to) {
        answer(
                to,
                () -> ExecReply.newBuilder()
                        .setExec(ExecMessages.toMessage(host.execs()
                                .exec(
                                        new SandboxId(request.getSandboxId()),
                                        new ExecId(request.getExecId()),
                                        Duration.ofMillis(request.getWaitMs()))))
                        .build());
    }

    @Override
    public void listExecs(ListExecsRequest request, StreamObserver<ListExecsResponse> to) {
        answer(
                to,
                () -> ListExecsResponse.newBuilder()
                        .addAllExecs(host.execs().execs(new SandboxId(request.getSandboxId())).stream()
                                .map(ExecMessages::toMessage)
                                .toList())
                        .build());
    }

    @Override
    public void readOutput(ReadOutputRequest request, StreamObserver<OutputChunk> to) {
        ServerCallStreamObserver<OutputChunk> call = (ServerCallStreamObserver<OutputChunk>) to;
        Semaphore changed = new Semaphore(0);
        call.setOnReadyHandler(changed::release);
        call.setOnCancelHandler(changed::release);
        Thread.ofVirtual().start(() -> {
            try {
                sendOutput(request, call, changed);
                call.onCompleted();
            } catch (RuntimeException e) {
                call.onError(ProblemStatus.toStatus(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void sendOutput(ReadOutputRequest request, ServerCallStreamObserver<OutputChunk> call, Semaphore changed)
            throws InterruptedException {
        StreamChoice stream = OutputMessages.toModel(request.getStream());
        long offset = request.getOffset();
        long left = request.getMaxBytes();
        Duration wait = Duration.ofMillis(request.getWaitMs());
        boolean more = true;
        while (more && left > 0) {
            while (!call.isReady() && !call.isCancelled()) {
                changed.acquire();
            }
            OutputQuery query = new OutputQuery(stream, offset, Math.min(left, CHUNK_BYTES), wait);
            OutputPage page =
                    host.execs().read(new SandboxId(request.getSandboxId()), new ExecId(request.getExecId()), query);
            sentBytes.addAndGet(page.nextOffset() - offset);
            left -= page.nextOffset() - offset;
            more = !call.isCancelled() && !page.eof() && page.nextOffset() > offset;
            offset = page.nextOffset();
            wait = request.getFollow() ? wait : Duration.ZERO;
            if (!call.isCancelled()) {
                call.onNext(OutputMessages.toMessage(page));
            }
        }
    }

    @Override
    public void writeInput(WriteInputRequest request, StreamObserver<WriteInputResponse> to) {
        answer(to, () -> {
            SandboxId sandbox = new SandboxId(request.getSandboxId());
            ExecId exec = new ExecId(request.getExecId());
            byte[] data = request.getData().toByteArray();
            boolean close = request.getClose();
            Duration wait = Duration.ofMillis(request.getWaitMs());
            WriteInputResponse.Builder answer = WriteInputResponse.newBuilder();
            if (request.getAppend()) {
                InputAppended appended = host.execs().append(sandbox, exec, data, close, wait);
                answer.setOffset(appended.offset())
                        .setNextOffset(appended.nextOffset())
                        .setClosed(appended.closed());
            } else {
                InputAccepted accepted = host.execs().write(sandbox, exec, request.getOffset(), data, close, wait);
                answer.setNextOffset(accepted.nextOffset()).setClosed(accepted.closed());
            }
            return answer.build();
        });
    }

    @Override
    public void signalExec(SignalExecRequest request, StreamObserver<SignalExecResponse> to) {
        answer(to, () -> {
            host.execs()
                    .signal(
                            new SandboxId(request.getSandboxId()),
                            new ExecId(request.getExecId()),
                            request.getSignal(),
                            ExecMessages.toModel(request.getTarget()));
            return SignalExecResponse.getDefaultInstance();
        });
    }

    @Override
    public void resizeExec(ResizeExecRequest request, StreamObserver<ResizeExecResponse> to) {
        answer(to, () -> {
            host.execs()
                    .resize(
                            new SandboxId(request.getSandboxId()),
                            new ExecId(request.getExecId()),
                            ExecMessages.toModel(request.getSize()));
            return ResizeExecResponse.getDefaultInstance();
        });
    }

    @Override
    public void listPools(ListPoolsRequest request, StreamObserver<ListPoolsResponse> to) {
        answer(
                to,
                () -> ListPoolsResponse.newBuilder()
                        .addAllPools(host.upkeep().pools().stream()
                                .map(PoolMessages::toMessage)
                                .toList())
                        .build());
    }

    @Override
    public void sweepOrphans(SweepOrphansRequest request, StreamObserver<SweepOrphansResponse> to) {
        answer(to, () -> {
            SweepOrphansResponse.Builder all = SweepOrphansResponse.newBuilder();
            host.upkeep().sweep().forEach((kind, count) -> {
                for (long i = 0; i < count; i++) {
                    all.addOrphans(Orphan.newBuilder().setKind(kind).setName("orphan-" + i));
                }
            });
            return all.build();
        });
    }

    @Override
    public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> to) {
        answer(
                to,
                () -> ListImagesResponse.newBuilder()
                        .addAllImages(host.images().images().stream()
                                .map(ImageMessages::toMessage)
                                .toList())
                        .build());
    }

    @Override
    public void getImage(GetImageRequest request, StreamObserver<ImageReply> to) {
        answer(
                to,
                () -> ImageReply.newBuilder()
                        .setImage(ImageMessages.toMessage(host.images()
                                .image(
                                        new ImageName(request.getName()),
                                        request.getMake(),
                                        Duration.ofMillis(request.getWaitMs()))))
                        .build());
    }

    @Override
    public StreamObserver<ImportImageRequest> importImage(StreamObserver<ImageReply> to) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        String[] name = new String[1];
        return new StreamObserver<>() {
            @Override
            public void onNext(ImportImageRequest part) {
                if (name[0] == null) {
                    name[0] = part.getName();
                }
                content.writeBytes(part.getData().toByteArray());
            }

            @Override
            public void onError(Throwable cancelled) {
                content.reset();
            }

            @Override
            public void onCompleted() {
                answer(
                        to,
                        () -> ImageReply.newBuilder()
                                .setImage(ImageMessages.toMessage(host.images()
                                        .importArchive(
                                                new ImageName(name[0]),
                                                new ByteArrayInputStream(content.toByteArray()))))
                                .build());
            }
        };
    }

    @Override
    public void removeImage(RemoveImageRequest request, StreamObserver<RemoveImageResponse> to) {
        answer(to, () -> {
            host.images().remove(new ImageName(request.getName()));
            return RemoveImageResponse.getDefaultInstance();
        });
    }

    private static <T> void answer(StreamObserver<T> to, Supplier<T> call) {
        T reply;
        try {
            reply = call.get();
        } catch (RuntimeException e) {
            to.onError(ProblemStatus.toStatus(e));
            return;
        }
        to.onNext(reply);
        to.onCompleted();
    }
}
