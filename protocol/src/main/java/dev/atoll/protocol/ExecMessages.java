package dev.atoll.protocol;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Execs and their specs, to and from messages. */
public final class ExecMessages {
    private ExecMessages() {}

    public static dev.atoll.protocol.host.v1.ExecSpec toMessage(ExecSpec spec) {
        return dev.atoll.protocol.host.v1.ExecSpec.newBuilder()
                .addAllArgv(spec.argv())
                .putAllEnv(spec.env())
                .setCwd(spec.cwd().orElse(""))
                .setUser(spec.user().orElse(""))
                .setStdin(spec.stdin())
                .setTimeoutMs(spec.timeout()
                        .map(Duration::toMillis)
                        .map(ms -> Math.max(1, ms))
                        .orElse(0L))
                .build();
    }

    /** Throws a problem when the message does not hold a valid spec: the record checks itself. */
    public static ExecSpec toModel(dev.atoll.protocol.host.v1.ExecSpec message) {
        return new ExecSpec(
                message.getArgvList(),
                message.getEnvMap(),
                present(message.getCwd()),
                present(message.getUser()),
                message.getStdin(),
                message.getTimeoutMs() == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(message.getTimeoutMs())));
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
