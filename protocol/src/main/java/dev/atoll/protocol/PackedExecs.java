package dev.atoll.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;

/**
 * Execs in as few bytes as they take, for those that are kept in great number: about 40 for a short command, where the objects take ten
 * times as much. Times to the microsecond, durations to the millisecond, as everywhere between processes.
 */
public final class PackedExecs {
    private PackedExecs() {}

    /** All of it but its ids and the state of its output, which whoever keeps it knows anyway. */
    public static byte[] pack(Exec exec) {
        return ExecMessages.toMessage(exec).toBuilder()
                .clearExecId()
                .clearSandboxId()
                .clearStdoutBytes()
                .clearStderrBytes()
                .clearFirstOffset()
                .build()
                .toByteArray();
    }

    /** The exec that was packed. */
    public static Exec unpack(byte[] packed, ExecId id, SandboxId sandbox, OutputState output) {
        try {
            return ExecMessages.toModel(dev.atoll.protocol.host.v1.Exec.parseFrom(packed).toBuilder()
                    .setExecId(id.value())
                    .setSandboxId(sandbox.value())
                    .setStdoutBytes(output.stdoutBytes())
                    .setStderrBytes(output.stderrBytes())
                    .setFirstOffset(output.firstOffset())
                    .build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a packed exec was made here", e);
        }
    }
}
