package dev.atoll.manager.host;

import com.google.protobuf.UnsafeByteOperations;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.ExecMessages;
import dev.atoll.protocol.OutputMessages;
import dev.atoll.protocol.TimingMessages;
import dev.atoll.protocol.host.v1.ExecReply;
import dev.atoll.protocol.host.v1.GetExecRequest;
import dev.atoll.protocol.host.v1.ListExecsRequest;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.ReadOutputRequest;
import dev.atoll.protocol.host.v1.ResizeExecRequest;
import dev.atoll.protocol.host.v1.SignalExecRequest;
import dev.atoll.protocol.host.v1.StartExecRequest;
import dev.atoll.protocol.host.v1.WriteInputRequest;
import dev.atoll.protocol.host.v1.WriteInputResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A host's execs over gRPC. */
final class GrpcHostExecs implements HostExecs {
    private final GrpcCalls calls;
    private final CallSettings settings;

    GrpcHostExecs(GrpcCalls calls, CallSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public Exec start(SandboxId sandbox, ExecId exec, ExecSpec spec, Duration wait) {
        StartExecRequest request = StartExecRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setSpec(ExecMessages.toMessage(spec))
                .setWaitMs(wait.toMillis())
                .build();
        long began = System.nanoTime();
        ExecReply reply = calls.call(patience(wait), host -> host.startExec(request));
        CallTimes.spentOnHost(
                System.nanoTime() - began,
                reply.hasTimings() ? Optional.of(TimingMessages.toModel(reply.getTimings())) : Optional.empty());
        return ExecMessages.toModel(reply.getExec());
    }

    @Override
    public Exec exec(SandboxId sandbox, ExecId exec, Duration wait) {
        GetExecRequest request = GetExecRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setWaitMs(wait.toMillis())
                .build();
        return ExecMessages.toModel(
                calls.call(patience(wait), host -> host.getExec(request)).getExec());
    }

    @Override
    public List<Exec> execs(SandboxId sandbox) {
        ListExecsRequest request =
                ListExecsRequest.newBuilder().setSandboxId(sandbox.value()).build();
        return calls.call(settings.quick(), host -> host.listExecs(request)).getExecsList().stream()
                .map(ExecMessages::toModel)
                .toList();
    }

    @Override
    public OutputPage read(SandboxId sandbox, ExecId exec, OutputQuery query) {
        ReadOutputRequest request = ReadOutputRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setStream(OutputMessages.toMessage(query.stream()))
                .setOffset(query.offset())
                .setMaxBytes(query.maxBytes())
                .setWaitMs(query.waitFor().toMillis())
                .build();
        return calls.call(patience(query.waitFor()), host -> {
            List<OutputFrame> frames = new ArrayList<>();
            long nextOffset = query.offset();
            boolean eof = false;
            Iterator<OutputChunk> chunks = host.readOutput(request);
            while (chunks.hasNext()) {
                OutputPage part = OutputMessages.toModel(chunks.next());
                frames.addAll(part.frames());
                nextOffset = part.nextOffset();
                eof = part.eof();
            }
            return new OutputPage(frames, nextOffset, eof);
        });
    }

    @Override
    public OutputReader follow(SandboxId sandbox, ExecId exec, StreamChoice stream, long offset) {
        ReadOutputRequest request = ReadOutputRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setStream(OutputMessages.toMessage(stream))
                .setOffset(offset)
                .setMaxBytes(Long.MAX_VALUE)
                .setWaitMs(GrpcOutputReader.QUIET_FOR.toMillis())
                .setFollow(true)
                .build();
        return new GrpcOutputReader(calls, request);
    }

    @Override
    public InputAccepted write(SandboxId sandbox, ExecId exec, long offset, byte[] data, boolean close, Duration wait) {
        WriteInputRequest request = WriteInputRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setOffset(offset)
                .setData(UnsafeByteOperations.unsafeWrap(data))
                .setClose(close)
                .setWaitMs(wait.toMillis())
                .build();
        WriteInputResponse response = calls.call(patience(wait), host -> host.writeInput(request));
        return new InputAccepted(response.getNextOffset(), response.getClosed());
    }

    @Override
    public InputAppended append(SandboxId sandbox, ExecId exec, byte[] data, boolean close, Duration wait) {
        WriteInputRequest request = WriteInputRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setAppend(true)
                .setData(UnsafeByteOperations.unsafeWrap(data))
                .setClose(close)
                .setWaitMs(wait.toMillis())
                .build();
        WriteInputResponse response = calls.call(patience(wait), host -> host.writeInput(request));
        return new InputAppended(response.getOffset(), response.getNextOffset(), response.getClosed());
    }

    @Override
    public void signal(SandboxId sandbox, ExecId exec, int signo, SignalTarget target) {
        SignalExecRequest request = SignalExecRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setSignal(signo)
                .setTarget(ExecMessages.toMessage(target))
                .build();
        calls.call(settings.quick(), host -> host.signalExec(request));
    }

    @Override
    public void resize(SandboxId sandbox, ExecId exec, TerminalSize size) {
        ResizeExecRequest request = ResizeExecRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setExecId(exec.value())
                .setSize(ExecMessages.toMessage(size))
                .build();
        calls.call(settings.quick(), host -> host.resizeExec(request));
    }

    private Duration patience(Duration wait) {
        return settings.quick().plus(wait);
    }
}
