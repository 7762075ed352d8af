package dev.atoll.hostagent.journal;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that make a box or a sandbox, and their undoing. A step is written to the journal before it is made and undone whether or not
 * it had been finished; undoing twice is harmless. For one thread at a time.
 */
public final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    /** How often an undo that fails is tried in one go. */
    private static final int UNDO_ATTEMPTS = 2;

    private final String what;
    private final Consumer<String> journal;
    private final StepMetrics metrics;
    private final LongSupplier nanos;
    private final Deque<Step> made = new ArrayDeque<>();

    /** Something that may fail. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** One thing to make, in words for the journal, and how to take it away. */
    public record Step(String name, Action make, Action undo) {}

    /**
     * @param what is made, for the log: {@code sandbox=…}
     * @param journal writes down that a step is about to be made
     * @param nanos a monotonic clock
     */
    public Preparation(String what, Consumer<String> journal, StepMetrics metrics, LongSupplier nanos) {
        this.what = what;
        this.journal = journal;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /**
     * Makes the steps in order. When one fails, or {@code canceled} turns true, throws a problem; the caller undoes what was made.
     */
    public void make(List<Step> steps, BooleanSupplier canceled) {
        for (Step step : steps) {
            if (canceled.getAsBoolean()) {
                throw Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox was stopped while it was being made.")
                        .asException();
            }
            long start = nanos.getAsLong();
            try {
                journal.accept(step.name());
                made.push(step);
                step.make().run();
            } catch (ProblemException e) {
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed(step, e);
            } catch (Exception e) {
                throw failed(step, e);
            }
            metrics.made(step.name(), nanos.getAsLong() - start);
        }
    }

    /** Takes steps over that an earlier life has made: they are undone like those of this one. */
    public void adopt(List<Step> steps) {
        steps.forEach(made::push);
    }

    /** Undoes what was made, last things first, as far as {@code which} says. True when nothing of it is left. */
    public boolean undo(Predicate<Step> which) {
        boolean clean = true;
        for (Iterator<Step> all = made.iterator(); all.hasNext(); ) {
            Step step = all.next();
            if (which.test(step)) {
                boolean undone = undo(step);
                clean = clean && undone;
                if (undone) {
                    all.remove();
                }
            }
        }
        return clean;
    }

    private boolean undo(Step step) {
        for (int attempt = 1; attempt <= UNDO_ATTEMPTS; attempt++) {
            try {
                step.undo().run();
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (Exception e) {
                metrics.undoFailed(step.name());
                LOG.error("{} step={} cannot be undone (attempt {})", what, step.name(), attempt, e);
            }
        }
        return false;
    }

    private ProblemException failed(Step step, Exception cause) {
        LOG.error("{} step={} failed", what, step.name(), cause);
        return new ProblemException(
                Problem.of(
                        ProblemCode.SANDBOX_START_FAILED,
                        "The sandbox could not be made: the step '" + step.name() + "' failed.",
                        "Try again. The host's log has the details."),
                cause);
    }
}
