package dev.atoll.hostagent.exec;

import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a future by a plain park. A timed one of a virtual thread wakes the scheduler's own timer thread twice, each time; a task
 * far ahead in our timers costs nothing. A future that goes on keeps nothing of an {@code anyOf}.
 */
final class ParkedWait {
    private ParkedWait() {}

    /** Whether it was done before the time was over; throws the problem that it failed with. */
    static boolean within(ScheduledExecutorService timers, Duration patience, CompletableFuture<?> what)
            throws InterruptedException {
        try {
            if (!what.isDone() && patience.isPositive()) {
                CompletableFuture<Void> over = new CompletableFuture<>();
                Future<?> timer = timers.schedule(() -> over.complete(null), patience.toNanos(), TimeUnit.NANOSECONDS);
                try {
                    CompletableFuture.anyOf(what, over).get();
                } finally {
                    timer.cancel(false);
                }
            }
            if (what.isDone()) {
                what.get();
            }
        } catch (ExecutionException refused) {
            throw problemIn(refused);
        }
        return what.isDone();
    }

    private static ProblemException problemIn(ExecutionException e) {
        if (e.getCause() instanceof ProblemException problem) {
            return new ProblemException(problem.problem(), e);
        }
        throw new IllegalStateException("execs fail with problems only", e);
    }
}
