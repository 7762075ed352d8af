package dev.atoll.manager.session;

import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.session.ShellSession;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whose turn it is in a session: one command's at a time. The claim is in the store, whether it has ended is known by the host. */
final class SessionTurns {
    /** A claim whose command no host knows is believed for this long: another process may be about to start it. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(10);

    private final SessionStore store;
    private final Clock clock;

    /** The commands that this process is about to start, or waits for. */
    private final Map<ExecId, CompletableFuture<Void>> starting = new ConcurrentHashMap<>();

    SessionTurns(SessionStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Gives the session to {@code exec}; {@link #done} has to follow when it is started or will not be. Throws {@code session_busy} when
     * another command has it and {@code patience} is over.
     */
    void take(HostExecs execs, ShellSession session, ExecId exec, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        ShellSession seen = session;
        CompletableFuture<Void> mine = new CompletableFuture<>();
        starting.put(exec, mine);
        try {
            while (true) {
                if (!isBusy(execs, seen)) {
                    if (store.claim(seen.id(), seen.exec(), exec, clock.instant())) {
                        return;
                    }
                } else {
                    awaitEnd(execs, seen, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                }
                seen = store.find(session.id()).orElseThrow(() -> ShellSessions.notFound(session.id()));
            }
        } catch (RuntimeException | Error e) {
            done(exec);
            throw e;
        }
    }

    /** The command is known to the host, or never will be. */
    void done(ExecId exec) {
        CompletableFuture<Void> mine = starting.remove(exec);
        if (mine != null) {
            mine.complete(null);
        }
    }

    /** Whether the last command still has the session. */
    boolean isBusy(HostExecs execs, ShellSession session) {
        Optional<ExecId> last = session.exec();
        if (last.isEmpty()) {
            return false;
        }
        try {
            return execs.exec(session.sandbox(), last.get(), Duration.ZERO).state() == ExecState.RUNNING;
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.EXEC_NOT_FOUND) {
                throw e;
            }
            return starting.containsKey(last.get())
                    || session.claimedAt()
                            .filter(at -> clock.instant().isBefore(at.plus(START_PATIENCE)))
                            .isPresent();
        }
    }

    private void awaitEnd(HostExecs execs, ShellSession session, Duration patience) {
        ExecId running = session.exec().orElseThrow();
        if (!patience.isPositive()) {
            throw busy(session, running);
        }
        CompletableFuture<Void> start = starting.get(running);
        try {
            execs.exec(session.sandbox(), running, patience);
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.EXEC_NOT_FOUND || start == null) {
                throw e.problem().code() == ProblemCode.EXEC_NOT_FOUND ? busy(session, running) : e;
            }
            awaitStart(start, patience);
        }
    }

    private static void awaitStart(CompletableFuture<Void> start, Duration patience) {
        try {
            start.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Whether there is time left is looked at by whoever waits.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The wait was interrupted.")
                    .asException();
        }
    }

    private static ProblemException busy(ShellSession session, ExecId running) {
        return Problem.of(
                        ProblemCode.SESSION_BUSY,
                        "The session runs the command " + running + ".",
                        "Wait for it, send it a signal, or ask with queue=true to be next.")
                .withNext("GET /v1/sandboxes/" + session.sandbox() + "/execs/" + running + "?wait=60s")
                .asException();
    }
}
