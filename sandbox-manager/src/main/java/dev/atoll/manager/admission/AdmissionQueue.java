package dev.atoll.manager.admission;

import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.SandboxSize;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Creates that wait for room, the first to come first. Nothing is kept of them but the calls that wait: nothing was acknowledged, so
 * nothing can be lost. Whenever a sandbox of this process has ended, and once in a while anyway, those that wait are tried in their order;
 * one that still does not fit is passed over for those that are smaller, so that a large one does not hold up all others. No wait is longer
 * than a call may be, which bounds for how long it can be passed over.
 *
 * <p>One look at a time, on a thread of its own. Thread-safe.
 */
public final class AdmissionQueue implements CommitListener {
    private final AdmissionSettings settings;
    private final Executor threads;
    private final Set<WaitingCreate<?>> queue = new LinkedHashSet<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final Timer waited;
    private final Counter full;

    /** {@code threads} runs tasks that may block. */
    public AdmissionQueue(AdmissionSettings settings, Executor threads, MeterRegistry meters) {
        this.settings = settings;
        this.threads = threads;
        meters.gauge("atoll.admission.waiting", this, AdmissionQueue::size);
        this.waited = Timer.builder("atoll.admission.wait")
                .description("How long creates waited for room, whether they got it or not")
                .publishPercentileHistogram()
                .register(meters);
        this.full = Counter.builder("atoll.admission.full")
                .description("Creates that could not wait because as many waited as may")
                .register(meters);
    }

    /** How many wait. */
    public int size() {
        synchronized (queue) {
            return queue.size();
        }
    }

    /**
     * Waits until {@code attempt} succeeds, at most so long and no longer than it is {@code wanted}, which is asked once in a while; empty
     * when there was no room in time. What the attempt throws is thrown. An attempt is made on another thread, never after this has
     * returned.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code capacity} when too many wait, {@code shutting_down} when interrupted
     */
    public <T> Optional<T> await(
            SandboxSize size, Duration patience, BooleanSupplier wanted, Supplier<Optional<T>> attempt) {
        WaitingCreate<T> waiting = new WaitingCreate<>(size, attempt);
        synchronized (queue) {
            if (queue.size() >= settings.waiting()) {
                full.increment();
                throw Problem.of(
                                ProblemCode.CAPACITY,
                                "No host has room, and " + queue.size() + " other requests wait for some already.",
                                "Ask again later, or for less.")
                        .asException();
            }
            queue.add(waiting);
        }
        long start = System.nanoTime();
        try {
            return await(waiting, wanted, start + patience.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                    .asException();
        } finally {
            synchronized (queue) {
                queue.remove(waiting);
            }
            waited.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private <T> Optional<T> await(WaitingCreate<T> waiting, BooleanSupplier wanted, long until)
            throws InterruptedException {
        Optional<T> got = Optional.empty();
        long left = until - System.nanoTime();
        while (got.isEmpty() && left > 0 && wanted.getAsBoolean()) {
            look();
            got = waiting.result(Math.min(left, settings.lookEvery().toNanos()));
            left = until - System.nanoTime();
        }
        return got.isPresent() ? got : waiting.giveUp();
    }

    @Override
    public void committed(Commit commit) {
        if (commit.sandbox().state().isTerminal()) {
            look();
        }
    }

    /** Has those that wait tried, now or right after the look that goes on. */
    private void look() {
        if (size() > 0 && looks.getAndIncrement() == 0) {
            threads.execute(this::lookUntilQuiet);
        }
    }

    private void lookUntilQuiet() {
        int seen;
        do {
            seen = looks.get();
            tryAll();
        } while (looks.addAndGet(-seen) > 0);
    }

    private void tryAll() {
        List<WaitingCreate<?>> inOrder;
        synchronized (queue) {
            inOrder = new ArrayList<>(queue);
        }
        List<SandboxSize> tooLarge = new ArrayList<>();
        for (WaitingCreate<?> waiting : inOrder) {
            if (tooLarge.size() >= settings.skipped()) {
                return;
            }
            if (tooLarge.stream().noneMatch(waiting::isAtLeast) && !waiting.attempt()) {
                tooLarge.add(waiting.size());
            }
        }
    }
}
