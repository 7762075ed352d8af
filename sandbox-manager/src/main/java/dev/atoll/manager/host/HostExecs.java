package dev.atoll.manager.host;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.util.List;

/** A host's execs. Every call may be repeated; only {@link #signal} and {@link #append} then happen again. */
public interface HostExecs {
    /**
     * Starts a command, and answers when it has ended or {@code wait} is over. An id that is known already is answered with what became of
     * it.
     */
    Exec start(SandboxId sandbox, ExecId exec, ExecSpec spec, Duration wait);

    Exec exec(SandboxId sandbox, ExecId exec, Duration wait);

    /** The newest first. */
    List<Exec> execs(SandboxId sandbox);

    OutputPage read(SandboxId sandbox, ExecId exec, OutputQuery query);

    OutputReader follow(SandboxId sandbox, ExecId exec, StreamChoice stream, long offset);

    InputAccepted write(SandboxId sandbox, ExecId exec, long offset, byte[] data, boolean close, Duration wait);

    /** Sends input behind everything that was sent before. Unlike {@link #write}, a repeated call appends again. */
    InputAppended append(SandboxId sandbox, ExecId exec, byte[] data, boolean close, Duration wait);

    void signal(SandboxId sandbox, ExecId exec, int signo, SignalTarget target);

    /** Sets the size of a terminal; its foreground programs hear of it. Throws {@code not_a_terminal} and {@code exec_ended}. */
    void resize(SandboxId sandbox, ExecId exec, TerminalSize size);
}
