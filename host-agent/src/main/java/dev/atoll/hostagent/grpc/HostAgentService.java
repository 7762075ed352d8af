package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.exec.ExecInput;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.files.FileHost;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.hostagent.pool.WarmPool;
import dev.atoll.hostagent.sandbox.OrphanSweep;
import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.protocol.ExecMessages;
import dev.atoll.protocol.FileOperationMessages;
import dev.atoll.protocol.HostMessages;
import dev.atoll.protocol.ImageMessages;
import dev.atoll.protocol.OutputMessages;
import dev.atoll.protocol.PoolMessages;
import dev.atoll.protocol.TimingMessages;
import dev.atoll.protocol.host.v1.DescribeRequest;
import dev.atoll.protocol.host.v1.DescribeResponse;
import dev.atoll.protocol.host.v1.ExecReply;
import dev.atoll.protocol.host.v1.FileReply;
import dev.atoll.protocol.host.v1.FileRequest;
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
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.SignalExecRequest;
import dev.atoll.protocol.host.v1.SignalExecResponse;
import dev.atoll.protocol.host.v1.StartExecRequest;
import dev.atoll.protocol.host.v1.StopSandboxRequest;
import dev.atoll.protocol.host.v1.StopSandboxResponse;
import dev.atoll.protocol.host.v1.SweepOrphansRequest;
import dev.atoll.protocol.host.v1.SweepOrphansResponse;
import dev.atoll.protocol.host.v1.WriteInputRequest;
import dev.atoll.protocol.host.v1.WriteInputResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The gRPC face of a host: turns messages into calls and answers into messages, and nothing more. A claim and a start of an exec run on
 * the thread that brings them, which therefore may block; every other call runs on a virtual thread of its own.
 */
public final class HostAgentService extends HostAgentGrpc.HostAgentImplBase {
    /** The longest a call may ask to wait. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private final HostDescription description;
    private final SandboxHost sandboxes;
    private final HostImages images;
    private final WarmPool pool;
    private final OrphanSweep orphans;
    private final FileHost files;
    private final Calls calls;
    private final Executor threads;

    public HostAgentService(
            HostDescription description,
            SandboxHost sandboxes,
            HostImages images,
            WarmPool pool,
            OrphanSweep orphans,
            FileHost files,
            Executor threads) {
        this.description = description;
        this.sandboxes = sandboxes;
        this.images = images;
        this.pool = pool;
        this.orphans = orphans;
        this.files = files;
        this.calls = new Calls(threads);
        this.threads = threads;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> answer) {
        calls.answer(answer, () -> HostMessages.toMessage(description));
    }

    @Override
    public void prepareSandbox(PrepareSandboxRequest request, StreamObserver<PrepareSandboxResponse> answer) {
        long began = System.nanoTime();
        if (request.getOnlyReady()) {
            calls.answerHere(
                    answer,
                    () -> sandboxes
                            .claim(PlanMessages.toModel(request))
                            .map(made -> PlanMessages.toMessage(made, began))
                            .orElse(PrepareSandboxResponse.getDefaultInstance()));
        } else {
            calls.answer(answer, () -> PlanMessages.toMessage(sandboxes.prepare(PlanMessages.toModel(request)), began));
        }
    }

    @Override
    public void stopSandbox(StopSandboxRequest request, StreamObserver<StopSandboxResponse> answer) {
        calls.answer(answer, () -> {
            SandboxId sandbox = new SandboxId(request.getSandboxId());
            if (request.getNeverWas()) {
                sandboxes.giveBack(sandbox, request.getGeneration());
            } else {
                sandboxes.stop(sandbox, request.getGeneration());
            }
            return StopSandboxResponse.getDefaultInstance();
        });
    }

    @Override
    public void observeSandboxes(ObserveSandboxesRequest request, StreamObserver<SandboxObservation> answer) {
        calls.stream(answer, call -> new ObservationStream(sandboxes, call).run());
    }

    @Override
    public void startExec(StartExecRequest request, StreamObserver<ExecReply> answer) {
        long began = System.nanoTime();
        calls.answerHere(answer, () -> {
            ExecTable execs = execs(request.getSandboxId());
            ExecId id = new ExecId(request.getExecId());
            ExecTable.Ran ran =
                    execs.run(id, ExecMessages.toModel(request.getSpec()), patience(request.getWaitMs()), began);
            ExecReply.Builder reply = ExecReply.newBuilder().setExec(ExecMessages.toMessage(ran.exec()));
            ran.timings().ifPresent(timings -> reply.setTimings(TimingMessages.toMessage(timings)));
            return reply.build();
        });
    }

    @Override
    public void getExec(GetExecRequest request, StreamObserver<ExecReply> answer) {
        calls.answer(answer, () -> {
            ExecTable execs = records(request.getSandboxId());
            ExecId id = new ExecId(request.getExecId());
            return reply(request.getWaitMs() <= 0 ? execs.get(id) : execs.awaitEnd(id, patience(request.getWaitMs())));
        });
    }

    @Override
    public void listExecs(ListExecsRequest request, StreamObserver<ListExecsResponse> answer) {
        calls.answer(answer, () -> {
            ListExecsResponse.Builder all = ListExecsResponse.newBuilder();
            records(request.getSandboxId()).list().forEach(exec -> all.addExecs(ExecMessages.toMessage(exec)));
            return all.build();
        });
    }

    @Override
    public void readOutput(ReadOutputRequest request, StreamObserver<OutputChunk> answer) {
        calls.stream(answer, call -> {
            OutputLog log = records(request.getSandboxId()).output(new ExecId(request.getExecId()));
            OutputSender.Wish wish = new OutputSender.Wish(
                    OutputMessages.toModel(request.getStream()),
                    request.getOffset(),
                    request.getMaxBytes(),
                    patience(request.getWaitMs()),
                    request.getFollow());
            new OutputSender(log, wish, call).run();
        });
    }

    @Override
    public void writeInput(WriteInputRequest request, StreamObserver<WriteInputResponse> answer) {
        calls.answer(answer, () -> {
            ExecInput.Accepted accepted = execs(request.getSandboxId())
                    .write(
                            new ExecId(request.getExecId()),
                            request.getAppend() ? ExecInput.APPEND : request.getOffset(),
                            request.getData().asReadOnlyByteBuffer(),
                            request.getClose(),
                            patience(request.getWaitMs()));
            return WriteInputResponse.newBuilder()
                    .setOffset(accepted.offset())
                    .setNextOffset(accepted.nextOffset())
                    .setClosed(accepted.closed())
                    .build();
        });
    }

    @Override
    public void signalExec(SignalExecRequest request, StreamObserver<SignalExecResponse> answer) {
        calls.answer(answer, () -> {
            execs(request.getSandboxId())
                    .signal(
                            new ExecId(request.getExecId()),
                            request.getSignal(),
                            ExecMessages.toModel(request.getTarget()));
            return SignalExecResponse.getDefaultInstance();
        });
    }

    @Override
    public void resizeExec(ResizeExecRequest request, StreamObserver<ResizeExecResponse> answer) {
        calls.answer(answer, () -> {
            execs(request.getSandboxId())
                    .resize(new ExecId(request.getExecId()), ExecMessages.toModel(request.getSize()));
            return ResizeExecResponse.getDefaultInstance();
        });
    }

    @Override
    public void listPools(ListPoolsRequest request, StreamObserver<ListPoolsResponse> answer) {
        calls.answer(answer, () -> {
            ListPoolsResponse.Builder all = ListPoolsResponse.newBuilder();
            pool.report().forEach(report -> all.addPools(PoolMessages.toMessage(report)));
            return all.build();
        });
    }

    @Override
    public void sweepOrphans(SweepOrphansRequest request, StreamObserver<SweepOrphansResponse> answer) {
        calls.answer(answer, () -> {
            SweepOrphansResponse.Builder all = SweepOrphansResponse.newBuilder();
            orphans.sweep()
                    .forEach(found -> all.addOrphans(
                            Orphan.newBuilder().setKind(found.kind()).setName(found.name())));
            return all.build();
        });
    }

    @Override
    public StreamObserver<FileRequest> exchangeFiles(StreamObserver<FileReply> answer) {
        FileExchangeCall call = new FileExchangeCall(
                (ServerCallStreamObserver<FileReply>) answer,
                begin -> files.begin(
                        sandboxes.box(new SandboxId(begin.getSandboxId())),
                        FileOperationMessages.reach(begin),
                        FileOperationMessages.toModel(begin)),
                threads);
        threads.execute(call::run);
        return call;
    }

    @Override
    public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> answer) {
        calls.answer(answer, () -> {
            ListImagesResponse.Builder all = ListImagesResponse.newBuilder();
            images.list().forEach(image -> all.addImages(ImageMessages.toMessage(image)));
            return all.build();
        });
    }

    @Override
    public void getImage(GetImageRequest request, StreamObserver<ImageReply> answer) {
        calls.answer(
                answer,
                () -> ImageReply.newBuilder()
                        .setImage(ImageMessages.toMessage(images.get(
                                new ImageName(request.getName()), request.getMake(), patience(request.getWaitMs()))))
                        .build());
    }

    @Override
    public StreamObserver<ImportImageRequest> importImage(StreamObserver<ImageReply> answer) {
        ImageUpload upload = new ImageUpload(images, (ServerCallStreamObserver<ImageReply>) answer, calls);
        threads.execute(upload::run);
        return upload;
    }

    @Override
    public void removeImage(RemoveImageRequest request, StreamObserver<RemoveImageResponse> answer) {
        calls.answer(answer, () -> {
            ImageName name = new ImageName(request.getName());
            // What is kept ready for nobody yet does not use it.
            Optional<ImageId> kept = images.readyId(name);
            if (kept.isPresent()) {
                pool.without(kept.get(), () -> images.remove(name));
            } else {
                images.remove(name);
            }
            return RemoveImageResponse.getDefaultInstance();
        });
    }

    private ExecTable execs(String sandbox) {
        return sandboxes.execs(new SandboxId(sandbox));
    }

    private ExecTable records(String sandbox) {
        return sandboxes.records(new SandboxId(sandbox));
    }

    private static ExecReply reply(Exec exec) {
        return ExecReply.newBuilder().setExec(ExecMessages.toMessage(exec)).build();
    }

    private static Duration patience(long millis) {
        if (millis < 0) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "A wait is negative.").asException();
        }
        return Duration.ofMillis(Math.min(millis, MAX_WAIT.toMillis()));
    }
}
