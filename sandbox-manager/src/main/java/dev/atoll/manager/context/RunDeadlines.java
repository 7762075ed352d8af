package dev.atoll.manager.context;

import dev.atoll.manager.exec.SandboxExecs;
import dev.atoll.manager.timer.Timers;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts runs whose timeout is over, and kills the kernel of one that does not mind. Runs of before a restart are watched on.
 * Thread-safe.
 */
public final class RunDeadlines {
    private static final Logger LOG = LoggerFactory.getLogger(RunDeadlines.class);

    /** How long an interrupted run may take to end. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How soon it is tried again when a host does not answer, and how often. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final int RETRIES = 60;

    private final SandboxExecs sandboxes;
    private final ContextStore store;
    private final RunReading reading;
    private final Timers timers;
    private final Clock clock;

    RunDeadlines(SandboxExecs sandboxes, ContextStore store, RunReading reading, Timers timers, Clock clock) {
        this.sandboxes = sandboxes;
        this.store = store;
        this.reading = reading;
        this.timers = timers;
        this.clock = clock;
    }

    /** Takes up what was watched before this process. */
    public void start() {
        timers.at(clock.instant(), () -> {
            try {
                store.watched().forEach(this::watch);
            } catch (ProblemException e) {
                LOG.warn("Timeouts of runs that began before this start are not watched: {}", e.problem());
            }
        });
    }

    void watch(ContextRun run) {
        run.deadline().ifPresent(deadline -> timers.at(deadline, () -> due(run, false, RETRIES)));
    }

    private void due(ContextRun run, boolean interrupted, int retries) {
        try {
            boolean over = sandboxes.unasked(run.sandbox(), execs -> {
                if (reading.advance(execs, run, Duration.ZERO).ended()) {
                    return true;
                }
                if (interrupted) {
                    Kernels.kill(execs, run.sandbox(), run.kernel());
                } else {
                    Kernels.interrupt(execs, run.sandbox(), run.kernel());
                }
                return interrupted;
            });
            if (over) {
                store.unwatch(run.id());
                return;
            }
            timers.at(clock.instant().plus(GRACE), () -> due(run, true, RETRIES));
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            boolean gone = code == ProblemCode.SANDBOX_NOT_FOUND
                    || code == ProblemCode.SANDBOX_STOPPED
                    || code == ProblemCode.EXEC_NOT_FOUND;
            if (gone || retries == 0) {
                LOG.debug("run={} is not watched any more: {}", run.id(), e.problem());
                forget(run);
            } else {
                timers.at(clock.instant().plus(RETRY_AFTER), () -> due(run, interrupted, retries - 1));
            }
        }
    }

    private void forget(ContextRun run) {
        try {
            store.unwatch(run.id());
        } catch (ProblemException e) {
            LOG.debug("run={} stays in the store as watched: {}", run.id(), e.problem());
        }
    }
}
