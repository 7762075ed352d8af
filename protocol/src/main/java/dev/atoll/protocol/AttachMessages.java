package dev.atoll.protocol;

import com.google.protobuf.UnsafeByteOperations;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.protocol.v1.Accepted;
import dev.atoll.protocol.v1.Attached;
import dev.atoll.protocol.v1.End;
import dev.atoll.protocol.v1.Output;
import dev.atoll.protocol.v1.Refused;
import dev.atoll.protocol.v1.ServerFrame;
import dev.atoll.protocol.v1.Signal;
import dev.atoll.protocol.v1.Start;
import dev.atoll.protocol.v1.Stream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What SDKs send and get, to and from the model. */
public final class AttachMessages {
    private AttachMessages() {}

    /** Throws a problem when the message does not hold a valid spec: the record checks itself. */
    public static ExecSpec toModel(Start start) {
        ExecSpec spec = ExecSpec.of(start.getArgvList()).withEnv(Map.copyOf(start.getEnvMap()));
        if (start.getStdin()) {
            spec = spec.withStdin();
        }
        if (start.hasCwd()) {
            spec = spec.withCwd(start.getCwd());
        }
        if (start.hasUser()) {
            spec = spec.withUser(start.getUser());
        }
        if (start.hasTerminal()) {
            spec = spec.withTerminal(toModel(start.getTerminal()));
        }
        return start.hasTimeoutMs() ? spec.withTimeout(Duration.ofMillis(start.getTimeoutMs())) : spec;
    }

    public static TerminalSize toModel(dev.atoll.protocol.v1.TerminalSize size) {
        return new TerminalSize(size.getRows(), size.getColumns());
    }

    public static StreamChoice toModel(Stream stream) {
        return switch (stream) {
            case STREAM_ALL -> StreamChoice.ALL;
            case STREAM_STDOUT -> StreamChoice.STDOUT;
            case STREAM_STDERR -> StreamChoice.STDERR;
            case UNRECOGNIZED -> throw unknown("stream");
        };
    }

    public static SignalTarget toModel(Signal signal) {
        return switch (signal.getTarget()) {
            case SIGNAL_TARGET_GROUP -> SignalTarget.GROUP;
            case SIGNAL_TARGET_PROCESS -> SignalTarget.PROCESS;
            case SIGNAL_TARGET_TREE -> SignalTarget.TREE;
            case UNRECOGNIZED -> throw unknown("target of a signal");
        };
    }

    private static RuntimeException unknown(String what) {
        return Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "The " + what + " is not one that this platform knows.",
                        "Send one of those in attach.proto.")
                .asException();
    }

    public static ServerFrame attached(Exec exec, long offset) {
        return ServerFrame.newBuilder()
                .setAttached(Attached.newBuilder().setExec(toMessage(exec)).setOffset(offset))
                .build();
    }

    /** Without a copy: frames are never written to after they are made. */
    public static ServerFrame output(OutputFrame frame) {
        return ServerFrame.newBuilder()
                .setOutput(Output.newBuilder()
                        .setStream(frame.stream() == StdStream.STDOUT ? Stream.STREAM_STDOUT : Stream.STREAM_STDERR)
                        .setOffset(frame.offset())
                        .setData(UnsafeByteOperations.unsafeWrap(frame.bytes())))
                .build();
    }

    public static ServerFrame accepted(long nextOffset, boolean closed) {
        return ServerFrame.newBuilder()
                .setAccepted(Accepted.newBuilder().setNextOffset(nextOffset).setClosed(closed))
                .build();
    }

    public static ServerFrame refused(Problem problem) {
        return ServerFrame.newBuilder()
                .setRefused(Refused.newBuilder()
                        .setCode(problem.code().code())
                        .setDetail(problem.detail())
                        .setHint(problem.hint()))
                .build();
    }

    public static ServerFrame ended(Exec exec) {
        return ServerFrame.newBuilder().setEnded(toMessage(exec)).build();
    }

    private static dev.atoll.protocol.v1.Exec toMessage(Exec exec) {
        dev.atoll.protocol.v1.Exec.Builder message = dev.atoll.protocol.v1.Exec.newBuilder()
                .setExecId(exec.id().value())
                .setSandboxId(exec.sandbox().value())
                .setState(exec.state().name().toLowerCase(Locale.ROOT))
                .setStartedAtUs(Instants.toMicros(exec.startedAt()))
                .setStdoutBytes(exec.output().stdoutBytes())
                .setStderrBytes(exec.output().stderrBytes())
                .setFirstOffset(exec.output().firstOffset())
                .setInputOffset(exec.inputOffset())
                .setInputClosed(exec.inputClosed());
        exec.end().ifPresent(end -> message.setEnd(toMessage(end)));
        return message.build();
    }

    private static End toMessage(ExecEnd end) {
        End.Builder message = End.newBuilder()
                .setReason(end.reason().word())
                .setEndedAtUs(Instants.toMicros(end.endedAt()))
                .setCpuMs(end.cpuMillis())
                .setPeakMemoryBytes(end.peakMemoryBytes());
        end.exitCode().ifPresent(message::setExitCode);
        end.signal().ifPresent(message::setSignal);
        end.error().ifPresent(message::setError);
        return message.build();
    }
}
