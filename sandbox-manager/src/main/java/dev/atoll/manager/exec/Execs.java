package dev.atoll.manager.exec;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.host.InputAppended;
import dev.atoll.manager.host.OutputReader;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.SandboxRoutes;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Use cases on execs. Each goes straight to the sandbox's host: in the usual case none of them touches the database, and none but a signal
 * with an idempotency key ever writes to it. Besides the problems that are named, every method throws {@code sandbox_not_found} (also for a
 * sandbox of another workspace), {@code sandbox_not_ready}, {@code sandbox_stopped} and {@code host_unavailable}; those on one exec throw
 * {@code exec_not_found}, and those that read {@code retention_over} in place of {@code sandbox_stopped}. Thread-safe.
 */
public final class Execs {
    /** A process that runs has room for what it begins with; only one that is still being started may take a moment. */
    private static final Duration INPUT_PATIENCE = Duration.ofSeconds(10);

    private final SandboxRoutes routes;
    private final HostDirectory hosts;
    private final SignalOnce signals;
    private final Ids ids;

    public Execs(SandboxRoutes routes, HostDirectory hosts, SignalOnce signals, Ids ids) {
        this.routes = routes;
        this.hosts = hosts;
        this.signals = signals;
        this.ids = ids;
    }

    /**
     * Runs a command, and answers when it has ended or {@code wait} is over. The same key in the same sandbox is the same process, ever;
     * throws
     * {@code idempotency_conflict} when it was started by another spec.
     */
    public Exec start(Caller caller, SandboxId sandbox, ExecSpec spec, Optional<IdempotencyKey> key, Duration wait) {
        return start(caller, sandbox, spec, Optional.empty(), key, wait);
    }

    /** The same for a command whose stdin begins with {@code input}. Asked again, what has been sent of that is not sent again. */
    public Exec start(
            Caller caller,
            SandboxId sandbox,
            ExecSpec spec,
            Optional<InlineInput> input,
            Optional<IdempotencyKey> key,
            Duration wait) {
        ExecId exec = key.map(given -> Ids.execOf(sandbox, given.value())).orElseGet(ids::exec);
        Exec started = startAs(caller, sandbox, exec, spec, input, wait);
        if (key.isPresent() && !started.spec().equals(spec)) {
            throw Problem.of(
                            ProblemCode.IDEMPOTENCY_CONFLICT,
                            "This Idempotency-Key was used for another exec in this sandbox.",
                            "Use a new key for a new exec.")
                    .asException();
        }
        return started;
    }

    /**
     * Runs a command under an id that the caller has chosen: the same id in the same sandbox is the same process, ever. Throws {@code
     * idempotency_conflict} when it was started by another spec.
     */
    public Exec startAs(
            Caller caller, SandboxId sandbox, ExecId exec, ExecSpec spec, Optional<InlineInput> input, Duration wait) {
        HostId host = routes.toRunning(caller, sandbox);
        if (input.isEmpty()) {
            return onHost(caller, sandbox, host, execs -> execs.start(sandbox, exec, spec, wait));
        }
        Exec started = onHost(caller, sandbox, host, execs -> execs.start(sandbox, exec, spec, Duration.ZERO));
        if (started.state() == ExecState.ENDED) {
            return started;
        }
        onHost(caller, sandbox, host, execs -> feed(execs, started, input.get()));
        Duration left = spec.detached() ? Duration.ZERO : wait;
        return onHost(caller, sandbox, host, execs -> execs.exec(sandbox, exec, left));
    }

    private static Exec feed(HostExecs execs, Exec exec, InlineInput input) {
        try {
            execs.write(exec.sandbox(), exec.id(), 0, input.bytes(), input.close(), INPUT_PATIENCE);
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            // It has ended, or closed its stdin, without wanting it: that is its business.
            if (code != ProblemCode.EXEC_ENDED && code != ProblemCode.INPUT_CLOSED) {
                throw e;
            }
        }
        return exec;
    }

    /** The exec once it has ended, or as it is when {@code wait} is over. */
    public Exec get(Caller caller, SandboxId sandbox, ExecId exec, Duration wait) {
        return onHostOf(caller, sandbox, execs -> execs.exec(sandbox, exec, wait));
    }

    /** Every exec of the sandbox that its host still knows, the newest first. */
    public List<Exec> list(Caller caller, SandboxId sandbox) {
        return onHostOf(caller, sandbox, execs -> execs.execs(sandbox));
    }

    /** Output from an offset on, waiting for the first byte as the query says. Throws {@code output_gone} or {@code offset_beyond_end}. */
    public OutputPage read(Caller caller, SandboxId sandbox, ExecId exec, OutputQuery query) {
        return onHostOf(caller, sandbox, execs -> execs.read(sandbox, exec, query));
    }

    /**
     * Follows the output from an offset on. The caller closes the reader. Throws {@code output_gone} or {@code offset_beyond_end}, here or
     * when read.
     */
    public OutputReader follow(Caller caller, SandboxId sandbox, ExecId exec, StreamChoice stream, long offset) {
        return onHostOf(caller, sandbox, execs -> execs.follow(sandbox, exec, stream, offset));
    }

    /**
     * Appends to stdin at an offset, waiting up to {@code wait} for the process to take it; may accept a part. What lies below the present
     * offset is known already and skipped. Throws {@code input_gap}, {@code input_closed} or {@code exec_ended}.
     */
    public InputAccepted write(
            Caller caller, SandboxId sandbox, ExecId exec, long offset, byte[] data, boolean close, Duration wait) {
        return onHost(
                caller,
                sandbox,
                routes.toRunning(caller, sandbox),
                execs -> execs.write(sandbox, exec, offset, data, close, wait));
    }

    /**
     * Sends input behind everything that was sent before, waiting up to {@code wait} for the process to take it; what others append
     * meanwhile comes after it. May accept a part. A repeated call appends again. Throws {@code input_closed} or {@code exec_ended}.
     */
    public InputAppended append(
            Caller caller, SandboxId sandbox, ExecId exec, byte[] data, boolean close, Duration wait) {
        return onHost(
                caller,
                sandbox,
                routes.toRunning(caller, sandbox),
                execs -> execs.append(sandbox, exec, data, close, wait));
    }

    /** Sends a signal; with a key, once. Throws {@code exec_ended}. */
    public void signal(
            Caller caller,
            SandboxId sandbox,
            ExecId exec,
            int signo,
            SignalTarget target,
            Optional<IdempotencyKey> key) {
        HostId host = routes.toRunning(caller, sandbox);
        signals.send(
                caller,
                new SignalOnce.Signal(sandbox, exec, signo, target),
                key,
                () -> onHost(caller, sandbox, host, execs -> {
                    execs.signal(sandbox, exec, signo, target);
                    return exec;
                }));
    }

    /** Sets the size of an exec's terminal. Throws {@code not_a_terminal} or {@code exec_ended}. */
    public void resize(Caller caller, SandboxId sandbox, ExecId exec, TerminalSize size) {
        onHost(caller, sandbox, routes.toRunning(caller, sandbox), execs -> {
            execs.resize(sandbox, exec, size);
            return exec;
        });
    }

    /** For what can still be read after the sandbox has ended. */
    private <T> T onHostOf(Caller caller, SandboxId sandbox, Function<HostExecs, T> call) {
        HostId host = routes.toHost(caller, sandbox);
        try {
            return call.apply(hosts.client(host).execs());
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code == ProblemCode.SANDBOX_NOT_FOUND
                    || (code == ProblemCode.RETENTION_OVER && routes.hasEnded(sandbox))) {
                throw routes.notKept(caller, sandbox);
            }
            throw e;
        }
    }

    /** A host that does not know the sandbox is ahead of what is known here: the store says what has become of it. */
    private <T> T onHost(Caller caller, SandboxId sandbox, HostId host, Function<HostExecs, T> call) {
        try {
            return call.apply(hosts.client(host).execs());
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SANDBOX_NOT_FOUND) {
                throw routes.unknownToHost(caller, sandbox);
            }
            throw e;
        }
    }
}
