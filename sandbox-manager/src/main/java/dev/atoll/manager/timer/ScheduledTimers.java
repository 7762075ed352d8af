package dev.atoll.manager.timer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timers on a scheduler, which only hands the actions on to {@code actions}. After the scheduler has been shut down nothing runs any more.
 */
public final class ScheduledTimers implements Timers {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledTimers.class);

    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final Executor actions;

    public ScheduledTimers(Clock clock, ScheduledExecutorService scheduler, Executor actions) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.actions = actions;
    }

    @Override
    public Timer at(Instant when, Runnable action) {
        long nanos = Math.max(0, Duration.between(clock.instant(), when).toNanos());
        try {
            Future<?> future = scheduler.schedule(() -> handOn(action), nanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            LOG.debug("No timer is set any more: the platform is closing.");
            return () -> {};
        }
    }

    private void handOn(Runnable action) {
        try {
            actions.execute(() -> run(action));
        } catch (RejectedExecutionException closed) {
            LOG.debug("A timer came after the close and was dropped.");
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("A timed action failed.", e);
        }
    }
}
