package dev.atoll.manager.sandbox;

import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Calls that wait for a sandbox to change. A commit of this process wakes them at once; another's is found by a look into the store.
 * Thread-safe.
 */
public final class SandboxWaiters implements CommitListener {
    /** Changes that one waiter has not looked at yet. When there are more, the store tells what they came to. */
    private static final int UNSEEN = 8;

    private final SandboxStore store;
    private final Duration reReadEvery;
    private final Map<SandboxId, Set<BlockingQueue<Commit>>> waiting = new ConcurrentHashMap<>();

    public SandboxWaiters(SandboxStore store, Duration reReadEvery) {
        this.store = store;
        this.reReadEvery = reReadEvery;
    }

    @Override
    public void committed(Commit commit) {
        waiting.getOrDefault(commit.sandbox().id(), Set.of()).forEach(inbox -> inbox.offer(commit));
    }

    /** How many calls wait. */
    public int size() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }

    /**
     * The sandbox once {@code wanted} holds, or as it is when {@code wait} is over; empty when there is none (any more). Throws {@code
     * shutting_down} when the thread is interrupted.
     */
    public Optional<Sandbox> await(SandboxId id, Predicate<Sandbox> wanted, Duration wait) {
        try (Watch watch = watch(id)) {
            // The first look comes after the registration: a commit in between is in the inbox.
            return store.find(id).flatMap(seen -> watch.await(seen, wanted, wait));
        }
    }

    /** Begins to hear of a sandbox's commits. Whoever is about to change it begins before, and need not look into the store then. */
    public Watch watch(SandboxId id) {
        return new Watch(id);
    }

    /** One call that hears of one sandbox. For one thread. */
    public final class Watch implements AutoCloseable {
        private final SandboxId id;
        private final BlockingQueue<Commit> inbox = new ArrayBlockingQueue<>(UNSEEN);

        private Watch(SandboxId id) {
            this.id = id;
            waiting.compute(id, (key, inboxes) -> {
                Set<BlockingQueue<Commit>> all = inboxes == null ? ConcurrentHashMap.newKeySet() : inboxes;
                all.add(inbox);
                return all;
            });
        }

        /** As {@link SandboxWaiters#await}, of a sandbox that was {@code known} after this watch had begun. */
        public Optional<Sandbox> await(Sandbox known, Predicate<Sandbox> wanted, Duration wait) {
            try {
                return await(Optional.of(known), wanted, wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                        .asException();
            }
        }

        private Optional<Sandbox> await(Optional<Sandbox> known, Predicate<Sandbox> wanted, Duration wait)
                throws InterruptedException {
            long end = System.nanoTime() + wait.toNanos();
            Optional<Sandbox> seen = known;
            while (seen.isPresent() && !wanted.test(seen.get())) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return seen;
                }
                Commit heard = inbox.poll(Math.min(left, reReadEvery.toNanos()), TimeUnit.NANOSECONDS);
                if (heard == null) {
                    seen = store.find(id);
                } else {
                    heard.times().ifPresent(CallTimes::spentElsewhere);
                    seen = Optional.of(heard.sandbox());
                }
            }
            return seen;
        }

        @Override
        public void close() {
            waiting.computeIfPresent(id, (key, inboxes) -> {
                inboxes.remove(inbox);
                return inboxes.isEmpty() ? null : inboxes;
            });
        }
    }
}
