package dev.atoll.protocol;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Execs and their specs, to and from messages. */
public final class ExecMessages {
    private ExecMessages() {}

    public static dev.atoll.protocol.host.v1.ExecSpec toMessage(ExecSpec spec) {
        dev.atoll.protocol.host.v1.ExecSpec.Builder message = dev.atoll.protocol.host.v1.ExecSpec.newBuilder()
                .addAllArgv(spec.argv())
                .putAllEnv(spec.env())
                .setCwd(spec.cwd().orElse(""))
                .setUser(spec.user().orElse(""))
                .addAllGroups(spec.groups())
                .setStdin(spec.stdin())
                .setTimeoutMs(millis(spec.timeout()))
                .setNice(spec.nice())
                .setDetached(spec.detached());
        spec.terminal().ifPresent(size -> message.setTerminal(toMessage(size)));
        if (!spec.limits().equals(ExecLimits.NONE)) {
            message.setLimits(toMessage(spec.limits()));
        }
        return message.build();
    }

    /** Throws a problem when the message does not hold a valid spec: the record checks itself. */
    public static ExecSpec toModel(dev.atoll.protocol.host.v1.ExecSpec message) {
        return new ExecSpec(
                message.getArgvList(),
                message.getEnvMap(),
                present(message.getCwd()),
                present(message.getUser()),
                message.getGroupsList(),
                message.getStdin(),
                message.hasTerminal() ? Optional.of(toModel(message.getTerminal())) : Optional.empty(),
                duration(message.getTimeoutMs()),
                message.getNice(),
                message.hasLimits() ? toModel(message.getLimits()) : ExecLimits.NONE,
                message.getDetached());
    }

    public static dev.atoll.protocol.host.v1.TerminalSize toMessage(TerminalSize size) {
        return dev.atoll.protocol.host.v1.TerminalSize.newBuilder()
                .setRows(size.rows())
                .setColumns(size.columns())
                .build();
    }

    public static TerminalSize toModel(dev.atoll.protocol.host.v1.TerminalSize message) {
        return new TerminalSize(message.getRows(), message.getColumns());
    }

    public static dev.atoll.protocol.host.v1.SignalTarget toMessage(SignalTarget target) {
        return switch (target) {
            case PROCESS -> dev.atoll.protocol.host.v1.SignalTarget.SIGNAL_TARGET_PROCESS;
            case GROUP -> dev.atoll.protocol.host.v1.SignalTarget.SIGNAL_TARGET_GROUP;
            case TREE -> dev.atoll.protocol.host.v1.SignalTarget.SIGNAL_TARGET_TREE;
        };
    }

    /** Throws a problem for a target that a newer platform knows. */
    public static SignalTarget toModel(dev.atoll.protocol.host.v1.SignalTarget target) {
        return switch (target) {
            case SIGNAL_TARGET_PROCESS -> SignalTarget.PROCESS;
            case SIGNAL_TARGET_GROUP -> SignalTarget.GROUP;
            case SIGNAL_TARGET_TREE -> SignalTarget.TREE;
            case UNRECOGNIZED ->
                throw Problem.of(ProblemCode.INVALID_REQUEST, "The target of the signal is not known.")
                        .asException();
        };
    }

    private static dev.atoll.protocol.host.v1.ExecLimits toMessage(ExecLimits limits) {
        return dev.atoll.protocol.host.v1.ExecLimits.newBuilder()
                .setCpuMs(millis(limits.cpuTime()))
                .setMemoryBytes(limits.memoryBytes().orElse(0))
                .setProcesses(limits.processes().orElse(0))
                .setOutputBytes(limits.outputBytes().orElse(0))
                .build();
    }

    private static ExecLimits toModel(dev.atoll.protocol.host.v1.ExecLimits message) {
        return new ExecLimits(
                duration(message.getCpuMs()),
                message.getMemoryBytes() == 0 ? OptionalLong.empty() : OptionalLong.of(message.getMemoryBytes()),
                message.getProcesses() == 0 ? OptionalInt.empty() : OptionalInt.of(message.getProcesses()),
                message.getOutputBytes() == 0 ? OptionalLong.empty() : OptionalLong.of(message.getOutputBytes()));
    }

    private static long millis(Optional<Duration> time) {
        return time.map(Duration::toMillis).map(ms -> Math.max(1, ms)).orElse(0L);
    }

    private static Optional<Duration> duration(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    public static dev.atoll.protocol.host.v1.Exec toMessage(Exec exec) {
        dev.atoll.protocol.host.v1.Exec.Builder message = dev.atoll.protocol.host.v1.Exec.newBuilder()
                .setExecId(exec.id().value())
                .setSandboxId(exec.sandbox().value())
                .setSpec(toMessage(exec.spec()))
                .setStartedAtUs(Instants.toMicros(exec.startedAt()))
                .setStdoutBytes(exec.output().stdoutBytes())
                .setStderrBytes(exec.output().stderrBytes())
                .setFirstOffset(exec.output().firstOffset())
                .setInputOffset(exec.inputOffset())
                .setInputClosed(exec.inputClosed());
        exec.end().ifPresent(end -> message.setEnd(toMessage(end)));
        return message.build();
    }

    public static Exec toModel(dev.atoll.protocol.host.v1.Exec message) {
        return new Exec(
                new ExecId(message.getExecId()),
                new SandboxId(message.getSandboxId()),
                toModel(message.getSpec()),
                Instants.ofMicros(message.getStartedAtUs()),
                message.hasEnd() ? Optional.of(toModel(message.getEnd())) : Optional.empty(),
                new OutputState(message.getStdoutBytes(), message.getStderrBytes(), message.getFirstOffset()),
                message.getInputOffset(),
                message.getInputClosed());
    }

    private static dev.atoll.protocol.host.v1.ExecEnd toMessage(ExecEnd end) {
        dev.atoll.protocol.host.v1.ExecEnd.Builder message = dev.atoll.protocol.host.v1.ExecEnd.newBuilder()
                .setReason(end.reason().word())
                .setError(end.error().orElse(""))
                .setEndedAtUs(Instants.toMicros(end.endedAt()))
                .setCpuMs(end.cpuMillis())
                .setPeakMemoryBytes(end.peakMemoryBytes());
        end.exitCode().ifPresent(message::setExitCode);
        end.signal().ifPresent(message::setSignal);
        return message.build();
    }

    private static ExecEnd toModel(dev.atoll.protocol.host.v1.ExecEnd message) {
        return new ExecEnd(
                ExecEndReason.valueOf(message.getReason().toUpperCase(Locale.ROOT)),
                message.hasExitCode() ? OptionalInt.of(message.getExitCode()) : OptionalInt.empty(),
                message.hasSignal() ? OptionalInt.of(message.getSignal()) : OptionalInt.empty(),
                present(message.getError()),
                Instants.ofMicros(message.getEndedAtUs()),
                message.getCpuMs(),
                message.getPeakMemoryBytes());
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
