package dev.atoll.hostagent.sandbox;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The latest report of every sandbox, and those who listen to them. Thread-safe. */
public final class SandboxReports {
    /** Ends that are remembered for observers who come later; beyond it the oldest are forgotten. */
    static final int MAX_ENDED = 10_000;

    /** Changes an observer may be behind; one that is further behind is cut off and starts over with a new picture. */
    static final int MAX_BEHIND = 4_096;

    private final Map<SandboxId, SandboxReport> latest = new LinkedHashMap<>();
    private final List<Observer> observers = new ArrayList<>();
    private int ended;

    /** One who listens: first the picture at its coming, then the changes. */
    public final class Observer implements AutoCloseable {
        private final List<SandboxReport> picture;
        private final BlockingQueue<SandboxReport> changes = new ArrayBlockingQueue<>(MAX_BEHIND);
        private volatile boolean behind;

        private Observer(List<SandboxReport> picture) {
            this.picture = picture;
        }

        /** Every sandbox there was at the beginning. */
        public List<SandboxReport> picture() {
            return picture;
        }

        /**
         * The next change, or nothing within the time.
         *
         * @throws dev.atoll.model.problem.ProblemException {@code host_unavailable} when this observer was too slow
         */
        public Optional<SandboxReport> next(Duration patience) throws InterruptedException {
            SandboxReport change = changes.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (change == null && behind) {
                throw Problem.of(
                                ProblemCode.HOST_UNAVAILABLE,
                                "The observer was too slow and has missed changes.",
                                "Observe anew.")
                        .asException();
            }
            return Optional.ofNullable(change);
        }

        @Override
        public void close() {
            synchronized (SandboxReports.this) {
                observers.remove(this);
            }
        }
    }

    public synchronized Observer observe() {
        Observer observer = new Observer(List.copyOf(latest.values()));
        observers.add(observer);
        return observer;
    }

    synchronized void publish(SandboxReport report) {
        SandboxReport before = latest.remove(report.sandbox());
        latest.put(report.sandbox(), report);
        ended += (report instanceof SandboxReport.Ended ? 1 : 0) - (before instanceof SandboxReport.Ended ? 1 : 0);
        if (ended > MAX_ENDED) {
            forgetOldestEnd();
        }
        for (Observer observer : observers) {
            if (!observer.changes.offer(report)) {
                observer.behind = true;
            }
        }
        observers.removeIf(observer -> observer.behind);
    }

    /** Nothing is left of a sandbox that was stopped: whoever stopped it is told by the answer. */
    synchronized void forget(SandboxId sandbox) {
        if (latest.remove(sandbox) instanceof SandboxReport.Ended) {
            ended--;
        }
    }

    private void forgetOldestEnd() {
        for (Iterator<SandboxReport> all = latest.values().iterator(); all.hasNext(); ) {
            if (all.next() instanceof SandboxReport.Ended) {
                all.remove();
                ended--;
                return;
            }
        }
    }
}
