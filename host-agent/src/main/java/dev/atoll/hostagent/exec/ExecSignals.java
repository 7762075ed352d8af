package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.SignalScope;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to running execs: signals, the size of their terminals, and the end of those that have gone beyond a limit. Thread-safe. */
final class ExecSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ExecSignals.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;
    private static final int MAX_SIGNAL = 64;
    private static final int ENOTTY = 25;

    /** What the guest is asked. */
    private interface Asking {
        CompletableFuture<Integer> ask(GuestLink link) throws IOException;
    }

    private final SandboxId sandbox;
    private final ExecRoster roster;
    private final GuestHold guest;

    ExecSignals(SandboxId sandbox, ExecRoster roster, GuestHold guest) {
        this.sandbox = sandbox;
        this.roster = roster;
        this.guest = guest;
    }

    /** Throws {@code exec_ended} when nobody is left to get it. */
    void signal(KeptExec exec, int signal, SignalTarget target) throws InterruptedException {
        if (signal < 1 || signal > MAX_SIGNAL) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "There is no signal " + signal + ".", "Signals are 1 to 64.")
                    .asException();
        }
        SignalScope scope = switch (target) {
            case PROCESS -> SignalScope.PROCESS;
            case GROUP -> SignalScope.GROUP;
            case TREE -> SignalScope.TREE;
        };
        if (exec.hasEnded() && (scope == SignalScope.PROCESS || exec.isSilent())) {
            throw ended();
        }
        int errno = answer(link -> link.signal(exec.number(), signal, scope));
        if (errno != 0 && exec.hasEnded()) {
            throw ended();
        }
    }

    /** Throws {@code not_a_terminal} or {@code exec_ended}. */
    void resize(KeptExec exec, TerminalSize size) throws InterruptedException {
        int errno = 0;
        if (exec.spec().terminal().isPresent() && !exec.hasEnded()) {
            errno = answer(link -> link.resize(exec.number(), size));
        }
        if (exec.spec().terminal().isEmpty() || errno == ENOTTY) {
            throw Problem.of(
                            ProblemCode.NOT_A_TERMINAL,
                            "The exec does not run on a terminal.",
                            "Start one with terminal: {rows, columns}.")
                    .asException();
        }
        if (errno != 0 || exec.hasEnded()) {
            throw ended();
        }
    }

    /** Ends an exec with everything it has started. That it is about to be is on record before, so its end is known for what it is. */
    void kill(HostedExec exec, ExecEndReason reason) {
        if (!exec.doom(reason)) {
            return;
        }
        try {
            roster.write(new ExecRecord.Doomed(exec.id(), reason));
            // A guest from before an upgrade knows no trees.
            int errno = answer(link ->
                    link.signal(exec.number(), SIGKILL, link.isVersion2() ? SignalScope.TREE : SignalScope.SESSION));
            LOG.debug("sandbox={} exec={} killed: {} ({})", sandbox, exec.id(), reason, errno);
        } catch (ProblemException gone) {
            LOG.info("sandbox={} exec={} was to be killed in a sandbox that is gone: {}", sandbox, exec.id(), reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int answer(Asking asking) throws InterruptedException {
        try {
            return asking.ask(guest.link()).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            throw guest.lost(e);
        } catch (ExecutionException e) {
            throw guest.lost(e);
        } catch (TimeoutException e) {
            throw Problem.of(ProblemCode.DEADLINE_EXCEEDED, "The sandbox did not answer in time.", "Ask again.")
                    .asException();
        }
    }

    private static ProblemException ended() {
        return Problem.of(ProblemCode.EXEC_ENDED, "The exec has ended: there is no process to signal.")
                .asException();
    }
}
