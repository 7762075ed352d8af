package dev.atoll.manager.session;

import dev.atoll.manager.exec.SandboxExecs;
import dev.atoll.manager.exec.ShortCommand;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.outcome.CountedCalls;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.SessionId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.session.SessionCommand;
import dev.atoll.model.session.SessionShell;
import dev.atoll.model.session.SessionSpec;
import dev.atoll.model.session.ShellSession;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Use cases on shell sessions. Each command is an exec of its own, and all that can be done with one can be done with it. Every method
 * throws what {@code Execs} throws about the sandbox; those on one session throw {@code session_not_found}. Thread-safe.
 */
public final class ShellSessions {
    /** Sessions of a sandbox. */
    public static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ShellSessions.class);
    private static final int SIGKILL = 9;
    private static final int COMMAND_NOT_FOUND = 127;

    private final SandboxExecs sandboxes;
    private final SessionStore store;
    private final SessionTurns turns;
    private final Ids ids;
    private final Clock clock;
    private final CountedCalls made;
    private final CountedCalls deleted;
    private final CountedCalls commands;

    public ShellSessions(SandboxExecs sandboxes, SessionStore store, Ids ids, Clock clock, MeterRegistry meters) {
        this.made = new CountedCalls(meters, "atoll.sessions.made", "Calls that make a shell session");
        this.deleted = new CountedCalls(meters, "atoll.sessions.deleted", "Calls that delete a shell session");
        this.commands =
                new CountedCalls(meters, "atoll.sessions.commands", "Calls that run a command in a shell session");
        this.sandboxes = sandboxes;
        this.store = store;
        this.turns = new SessionTurns(store, clock);
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Makes a session. The same key in the same sandbox is the same session. Throws {@code shell_not_found}, {@code cwd_not_found}, {@code
     * user_not_found}, {@code too_many_sessions} or {@code idempotency_conflict}.
     */
    public SessionView create(Caller caller, SandboxId sandbox, SessionSpec spec, Optional<IdempotencyKey> key) {
        return made.count(() -> sandboxes.running(caller, sandbox, execs -> {
            SessionId id =
                    key.map(given -> Ids.sessionOf(sandbox, given.value())).orElseGet(ids::session);
            Optional<ShellSession> known = key.flatMap(_ -> store.find(id));
            ShellSession session = known.orElseGet(() -> make(execs, sandbox, id, spec));
            if (!session.spec().equals(spec)) {
                throw Problem.of(
                                ProblemCode.IDEMPOTENCY_CONFLICT,
                                "This Idempotency-Key was used for another session in this sandbox.",
                                "Use a new key for a new session.")
                        .asException();
            }
            return new SessionView(session, turns.isBusy(execs, session));
        }));
    }

    private ShellSession make(HostExecs execs, SandboxId sandbox, SessionId id, SessionSpec spec) {
        refuseMoreThan(MOST - 1, sandbox);
        ShortCommand prepared = ShortCommand.run(execs, sandbox, ids.exec(), ShellScripts.preparing(id, spec));
        List<String> told = ShellScripts.prepared(prepared.stdout());
        if (prepared.exitCode() != 0 || told.size() < 2 || !told.get(1).startsWith("/")) {
            throw notPrepared(prepared, spec);
        }
        ShellSession session = new ShellSession(
                id,
                sandbox,
                spec,
                shell(told.get(0)),
                told.get(1),
                clock.instant(),
                Optional.empty(),
                Optional.empty());
        if (!store.insert(session)) {
            return store.find(id).orElse(session);
        }
        boolean fits = false;
        try {
            // Others may have been kept since the first look; those that come too late go again.
            refuseMoreThan(MOST, sandbox);
            fits = true;
            return session;
        } finally {
            if (!fits) {
                store.delete(id);
            }
        }
    }

    private void refuseMoreThan(int most, SandboxId sandbox) {
        if (store.of(sandbox).size() > most) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_SESSIONS,
                            "The sandbox has " + MOST + " shell sessions.",
                            "Delete one that is not needed any more.")
                    .withNext("GET /v1/sandboxes/" + sandbox + "/sessions")
                    .asException();
        }
    }

    private static SessionShell shell(String word) {
        return word.equals(SessionShell.BASH.word()) ? SessionShell.BASH : SessionShell.SH;
    }

    private static ProblemException notPrepared(ShortCommand prepared, SessionSpec spec) {
        return switch (prepared.exitCode()) {
            case COMMAND_NOT_FOUND, ShellScripts.NO_SHELL ->
                Problem.of(
                                ProblemCode.SHELL_NOT_FOUND,
                                "The sandbox has no "
                                        + spec.shell().map(SessionShell::word).orElse("shell")
                                        + ".",
                                "Use an image that has bash, or sh and a printf, or run argv by execs.")
                        .asException();
            case ShellScripts.NO_PLACE ->
                Problem.of(
                                ProblemCode.SPAWN_FAILED,
                                "The session has no place for its state: /tmp cannot be written to by its user.",
                                "Make /tmp a directory that everyone can write to.")
                        .asException();
            default ->
                Problem.of(
                                ProblemCode.SPAWN_FAILED,
                                "The session could not be prepared: sh returned " + prepared.exitCode() + ". "
                                        + prepared.stderr(),
                                "See what sh says in the sandbox.")
                        .asException();
        };
    }

    /** The sessions of a sandbox, the oldest first. */
    public List<SessionView> list(Caller caller, SandboxId sandbox) {
        return sandboxes.known(
                caller,
                sandbox,
                execs -> store.of(sandbox).stream()
                        .map(session -> view(execs, session))
                        .toList());
    }

    public SessionView get(Caller caller, SandboxId sandbox, SessionId id) {
        return sandboxes.known(caller, sandbox, execs -> view(execs, owned(sandbox, id)));
    }

    /** Ends a session: what its command runs is killed, and what it left in the sandbox is removed. */
    public void delete(Caller caller, SandboxId sandbox, SessionId id) {
        deleted.count(() -> sandboxes.known(caller, sandbox, execs -> {
            ShellSession session = owned(sandbox, id);
            store.delete(id);
            try {
                if (session.exec().isPresent() && turns.isBusy(execs, session)) {
                    execs.signal(sandbox, session.exec().get(), SIGKILL, SignalTarget.TREE);
                }
                ShortCommand.run(execs, sandbox, ids.exec(), ShellScripts.removing(session));
            } catch (ProblemException e) {
                // The session is gone; a sandbox that has ended has nothing of it either.
                LOG.debug("session={} left something behind: {}", id, e.problem());
            }
            return id;
        }));
    }

    /**
     * Runs a command in a session, and answers when it has ended or {@code wait} is over. The same key in the same sandbox is the same
     * command. Throws {@code session_busy} when another command runs; with {@code queue} it waits for its turn first, within {@code wait}.
     */
    public Exec run(
            Caller caller,
            SandboxId sandbox,
            SessionId id,
            SessionCommand command,
            boolean queue,
            Optional<IdempotencyKey> key,
            Duration wait) {
        return commands.count(() -> sandboxes.running(caller, sandbox, execs -> {
            ShellSession session = owned(sandbox, id);
            ExecSpec spec = ShellScripts.command(session, command);
            ExecId exec = key.map(given -> Ids.execOf(sandbox, given.value())).orElseGet(ids::exec);
            Optional<Exec> known = key.flatMap(_ -> known(execs, sandbox, exec, wait));
            return known.isPresent()
                    ? same(known.get(), spec)
                    : start(execs, session, exec, spec, queue, System.nanoTime() + wait.toNanos());
        }));
    }

    private Exec start(
            HostExecs execs, ShellSession session, ExecId exec, ExecSpec spec, boolean queue, long endNanos) {
        turns.take(execs, session, exec, queue ? left(endNanos) : Duration.ZERO);
        boolean started = false;
        try {
            Exec result = execs.start(session.sandbox(), exec, spec, left(endNanos));
            started = true;
            return result;
        } finally {
            turns.done(exec);
            if (!started) {
                releaseUnlessStarted(execs, session, exec);
            }
        }
    }

    /** The call to start it failed; if it was started all the same, it has the session. */
    private void releaseUnlessStarted(HostExecs execs, ShellSession session, ExecId exec) {
        try {
            if (known(execs, session.sandbox(), exec, Duration.ZERO).isEmpty()) {
                store.release(session.id(), exec);
            }
        } catch (ProblemException e) {
            LOG.debug("session={} keeps the claim of exec={} for a while: {}", session.id(), exec, e.problem());
        }
    }

    private static Optional<Exec> known(HostExecs execs, SandboxId sandbox, ExecId exec, Duration wait) {
        try {
            return Optional.of(execs.exec(sandbox, exec, wait));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.EXEC_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Exec same(Exec known, ExecSpec spec) {
        if (!known.spec().argv().equals(spec.argv())) {
            throw Problem.of(
                            ProblemCode.IDEMPOTENCY_CONFLICT,
                            "This Idempotency-Key was used for another exec in this sandbox.",
                            "Use a new key for a new command.")
                    .asException();
        }
        return known;
    }

    private static Duration left(long endNanos) {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    private SessionView view(HostExecs execs, ShellSession session) {
        try {
            return new SessionView(session, turns.isBusy(execs, session));
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code != ProblemCode.SANDBOX_STOPPED && code != ProblemCode.SANDBOX_NOT_FOUND) {
                throw e;
            }
            return new SessionView(session, false);
        }
    }

    private ShellSession owned(SandboxId sandbox, SessionId id) {
        return store.find(id)
                .filter(session -> session.sandbox().equals(sandbox))
                .orElseThrow(() -> notFound(id));
    }

    static ProblemException notFound(SessionId id) {
        return Problem.of(
                        ProblemCode.SESSION_NOT_FOUND, "There is no session " + id + " here.", "List those there are.")
                .asException();
    }
}
