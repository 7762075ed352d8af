package dev.atoll.manager.context;

import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunEndReason;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * How far a run's output has been read and what has come of it. It is read on by whoever wants to know, one at a time; the others see
 * what has been seen. Thread-safe.
 */
final class RunProgress {
    private static final int PAGE_BYTES = 1 << 20;

    /** Pages that one look takes at most when it does not wait: what is retained of a kernel's output. */
    private static final int MOST_PAGES = 80;

    private final ContextRun run;
    private final RunFold fold;
    private final ReentrantLock lock = new ReentrantLock();
    private long nextOffset;
    private volatile RunOutcome outcome;
    private volatile long bytes;

    RunProgress(ContextRun run) {
        this.run = run;
        this.fold = new RunFold(run);
        // With the byte before, a line that begins right here is known to.
        this.nextOffset = Math.max(0, run.offset() - 1);
        this.outcome = fold.outcome();
    }

    RunOutcome outcome() {
        return outcome;
    }

    /** What this holds in memory, about. */
    long bytes() {
        return bytes;
    }

    /**
     * What has come of the run when it has ended, or when {@code wait} is over.
     *
     * @param delivering whether this process is sending the code right now
     * @param restarted whether the context has another kernel now
     */
    RunOutcome advance(HostExecs execs, Duration wait, BooleanSupplier delivering, BooleanSupplier restarted) {
        long end = System.nanoTime() + wait.toNanos();
        if (outcome.ended() || !locked(wait)) {
            return outcome;
        }
        try {
            boolean more = true;
            for (int pages = 0; more && !outcome.ended(); pages++) {
                Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                OutputPage page = read(execs, left);
                page.frames().forEach(fold::take);
                nextOffset = page.nextOffset();
                outcome = fold.outcome();
                if (!outcome.ended() && page.eof()) {
                    outcome = died(execs, restarted);
                }
                more = left.isPositive() || !page.frames().isEmpty() && pages < MOST_PAGES;
            }
            if (!outcome.ended() && !fold.hasStarted() && !delivering.getAsBoolean()) {
                outcome = unlessDelivered(execs);
            }
            return outcome;
        } finally {
            bytes = fold.bytes();
            lock.unlock();
        }
    }

    private OutputPage read(HostExecs execs, Duration wait) {
        try {
            return execs.read(
                    run.sandbox(), run.kernel(), new OutputQuery(StreamChoice.STDOUT, nextOffset, PAGE_BYTES, wait));
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.OUTPUT_GONE) {
                throw e;
            }
            // The lowest offset that is kept is told in the order of both streams: in stdout's own it is no higher.
            Exec kernel = execs.exec(run.sandbox(), run.kernel(), Duration.ZERO);
            nextOffset = Math.min(
                    Math.max(nextOffset + 1, kernel.output().firstOffset()),
                    kernel.output().stdoutBytes());
            fold.lost();
            return new OutputPage(List.of(), nextOffset, false);
        }
    }

    private RunOutcome died(HostExecs execs, BooleanSupplier restarted) {
        Exec kernel = execs.exec(run.sandbox(), run.kernel(), Duration.ofSeconds(10));
        return kernel.end()
                .map(end -> KernelEnds.of(run, outcome, end, restarted.getAsBoolean()))
                .orElse(outcome);
    }

    /** Code that the kernel has not got, and that nobody is sending any more, will never run. */
    private RunOutcome unlessDelivered(HostExecs execs) {
        Exec kernel = execs.exec(run.sandbox(), run.kernel(), Duration.ZERO);
        return kernel.inputOffset() < run.inputEnd() && kernel.end().isEmpty()
                ? outcome.endedBy(RunEndReason.NOT_STARTED, Optional.empty(), run.createdAt())
                : outcome;
    }

    private boolean locked(Duration wait) {
        try {
            return wait.isPositive() ? lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS) : lock.tryLock();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The wait was interrupted.")
                    .asException();
        }
    }
}
