package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.GuestError;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the guest reports of execs. An exec has ended for its users when its exit has been reported and everything its process wrote
 * has been written to its log; the end is on disk before anyone is told, and before the guest may forget it.
 */
public final class ExecEvents implements GuestListener {
    private static final Logger LOG = LoggerFactory.getLogger(ExecEvents.class);

    private final SandboxId sandbox;
    private final ExecRoster roster;
    private final ExecHost host;
    private final GuestHold guest;
    private final CompletableFuture<Detachment> detached = new CompletableFuture<>();
    private final ExecSignals signals;
    private volatile boolean stopping;

    /** Logs that took something since the guest was quiet; for the thread of the link. */
    private final List<OutputLog> untold = new ArrayList<>();

    ExecEvents(SandboxId sandbox, ExecRoster roster, ExecHost host, GuestHold guest, ExecSignals signals) {
        this.sandbox = sandbox;
        this.roster = roster;
        this.host = host;
        this.guest = guest;
        this.signals = signals;
    }

    /** From now on a signal that ends a process is most likely the stop's own. */
    void sandboxIsStopping() {
        stopping = true;
    }

    /** Completes when the link has ended. */
    public CompletableFuture<Detachment> detached() {
        return detached;
    }

    @Override
    public void onStarted(int exec, int pid) {
        roster.find(exec).ifPresent(of -> of.answer().complete(HostedExec.SpawnAnswer.STARTED));
    }

    @Override
    public void onSpawnFailed(int exec, SpawnFailure failure) {
        roster.find(exec).ifPresent(of -> {
            switch (SpawnVerdict.of(failure, of.spec())) {
                case SpawnVerdict.EndedAtOnce verdict -> {
                    of.streamClosed(StdStream.STDOUT);
                    of.streamClosed(StdStream.STDERR);
                    end(of, ExecEnds.of(verdict, host.now()));
                }
                case SpawnVerdict.Refused(Problem problem) -> {
                    refuse(of, problem);
                    release(of);
                }
            }
        });
    }

    @Override
    public void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes) {
        roster.find(exec).ifPresent(of -> {
            OutputLog log = of.output();
            log.take(stream, offset, bytes);
            if (untold.isEmpty() || untold.getLast() != log) {
                untold.add(log);
            }
            if (of.exceedsOutput()) {
                // Elsewhere: this thread has to go on reading for the answer to come.
                host.workers().execute(() -> signals.kill(of, ExecEndReason.OUTPUT_LIMIT));
            }
            endIfSettled(of);
        });
    }

    @Override
    public void onOutputClosed(int exec, StdStream stream, long end) {
        roster.find(exec).ifPresent(of -> {
            of.streamClosed(stream);
            endIfSettled(of);
            releaseIfSilent(of);
        });
    }

    @Override
    public void onInputCredit(int exec, long accepted, long limit) {
        roster.find(exec).ifPresent(of -> of.input().credited());
    }

    @Override
    public void onInputClosed(int exec, long accepted) {
        roster.find(exec).ifPresent(of -> of.input().abandon());
    }

    @Override
    public void onExit(int exec, ExitReport report) {
        roster.find(exec).ifPresent(of -> {
            of.reported(report);
            endIfSettled(of);
        });
    }

    @Override
    public void onGuestError(GuestError error) {
        LOG.warn("sandbox={} its guest dropped a frame: {}", sandbox, error);
    }

    /** A buffer full of frames costs readers and guest one wake-up, not one for each. */
    @Override
    public void onQuiet() {
        untold.forEach(OutputLog::tell);
        untold.clear();
    }

    @Override
    public void onDetached(Detachment cause) {
        onQuiet();
        detached.complete(cause);
    }

    /** Writes an end down and tells everyone; the first one counts. */
    void end(HostedExec exec, ExecEnd end) {
        if (!exec.claimEnd()) {
            return;
        }
        roster.write(exec.endRecord(end));
        exec.cancelTimeout();
        exec.output().end();
        exec.output().rest();
        exec.input().abandon();
        host.metrics().ended(end.reason());
        roster.ended(exec.output().retainedBytes());
        exec.ended().complete(end);
        exec.answer().complete(HostedExec.SpawnAnswer.ENDED_AT_ONCE);
        // Whoever waits goes on at once and on this core, where what it needs is in the caches; what is left to do here
        // can wait.
        Thread.yield();
        host.witness().ended(sandbox, exec.id(), exec.spec(), end);
        releaseIfSilent(exec);
        roster.lingeringTooMany().forEach(this::release);
        // Last: whoever waits need not wait for a line.
        LOG.info(
                "sandbox={} exec={} ended: {}{}{}",
                sandbox,
                exec.id(),
                end.reason().word(),
                end.exitCode().isPresent() ? " code=" + end.exitCode().getAsInt() : "",
                end.signal().isPresent() ? " signal=" + end.signal().getAsInt() : "");
    }

    /** There is no such exec: the request could not be carried out. */
    void refuse(HostedExec exec, Problem problem) {
        if (!exec.claimEnd()) {
            return;
        }
        exec.cancelTimeout();
        roster.forget(exec);
        exec.output().remove();
        host.metrics().refused(problem.code().code());
        ProblemException refusal = new ProblemException(problem);
        exec.answer().completeExceptionally(refusal);
        exec.ended().completeExceptionally(refusal);
    }

    private void endIfSettled(HostedExec exec) {
        if (exec.hasEnded()) {
            return;
        }
        Optional<ExitReport> exit = exec.settledExit();
        if (exit.isPresent()) {
            ExecEndReason killed = stopping ? ExecEndReason.SANDBOX_STOPPED : ExecEndReason.SIGNALED;
            killed = exec.doom().orElse(killed);
            end(exec, ExecEnds.of(exit.get(), exec.spec(), killed, host.now()));
        }
    }

    private void releaseIfSilent(HostedExec exec) {
        if (exec.hasEnded() && exec.isSilent()) {
            exec.output().rest();
            release(exec);
        }
    }

    private void release(HostedExec exec) {
        roster.release(exec);
        try {
            guest.link().acknowledgeExit(exec.number());
        } catch (IOException | ProblemException gone) {
            LOG.debug("sandbox={} exec={} was not released: the guest is gone", sandbox, exec.id());
        }
    }
}
