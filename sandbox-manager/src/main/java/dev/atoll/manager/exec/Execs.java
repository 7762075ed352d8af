package dev.atoll.manager.exec;

import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.host.OutputReader;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

public class Execs {
    public Exec start(Caller caller, SandboxId sandbox, ExecSpec spec, Optional<IdempotencyKey> key, Duration wait) {
        throw new UnsupportedOperationException();
    }

    public Exec get(Caller caller, SandboxId sandbox, ExecId exec, Duration wait) {
        throw new UnsupportedOperationException();
    }

    public List<Exec> list(Caller caller, SandboxId sandbox) {
        throw new UnsupportedOperationException();
    }

    public OutputPage read(Caller caller, SandboxId sandbox, ExecId exec, OutputQuery query) {
        throw new UnsupportedOperationException();
    }

    public OutputReader follow(Caller caller, SandboxId sandbox, ExecId exec, StreamChoice stream, long offset) {
        throw new UnsupportedOperationException();
    }

    public InputAccepted write(
            Caller caller, SandboxId sandbox, ExecId exec, long offset, byte[] data, boolean close, Duration wait) {
        throw new UnsupportedOperationException();
    }

    public void signal(
            Caller caller, SandboxId sandbox, ExecId exec, int signo, SignalTarget target, Optional<IdempotencyKey> key) {
        throw new UnsupportedOperationException();
    }
}
