package dev.atoll.manager.run;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.util.Optional;

/** The command and the sandbox of a run that is not wanted any more, by the ids that they have from its beginning. Thread-safe. */
final class RunCommand {
    /** The name of the command in its sandbox. */
    static final IdempotencyKey KEY = new IdempotencyKey("run");

    private static final int SIGKILL = 9;
    private static final Duration STEP = Duration.ofSeconds(1);

    private final Sandboxes sandboxes;
    private final Execs execs;
    private final Caller caller;
    private final SandboxId sandbox;
    private final ExecId id;

    RunCommand(RunTools tools, Caller caller, SandboxId sandbox) {
        this.sandboxes = tools.sandboxes();
        this.execs = tools.execs();
        this.caller = caller;
        this.sandbox = sandbox;
        this.id = Ids.execOf(sandbox, KEY.value());
    }

    /** Has the sandbox ended if it is still being made: whoever waits for it then waits no longer. */
    void stopStarting() {
        try {
            SandboxState state = sandboxes.get(caller, sandbox).state();
            if (state == SandboxState.REQUESTED || state == SandboxState.PREPARING) {
                var _ = sandboxes.stop(caller, sandbox, Duration.ZERO);
            }
        } catch (ProblemException e) {
            // There is none yet, or it cannot be told now: it is asked again.
        }
    }

    /** Kills the command and all that it has started, if it runs. */
    void kill() {
        try {
            execs.signal(caller, sandbox, id, SIGKILL, SignalTarget.TREE, Optional.empty());
        } catch (ProblemException e) {
            // It has not begun or has ended, or it cannot be told now: it is asked again.
        }
    }

    /** Ends the command and answers it as it then is; nothing when it never began. Throws what {@code patience} gives up with. */
    Optional<Exec> end(Patience patience) {
        try {
            if (patience.until(() -> sandboxes.get(caller, sandbox)).state() != SandboxState.RUNNING) {
                return Optional.empty();
            }
            Exec exec = patience.until(() -> execs.get(caller, sandbox, id, Duration.ZERO));
            while (exec.state() == ExecState.RUNNING) {
                kill();
                exec = patience.until(() -> execs.get(caller, sandbox, id, STEP));
            }
            return Optional.of(exec);
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code == ProblemCode.SANDBOX_NOT_FOUND
                    || code == ProblemCode.EXEC_NOT_FOUND
                    || code == ProblemCode.SANDBOX_STOPPED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
