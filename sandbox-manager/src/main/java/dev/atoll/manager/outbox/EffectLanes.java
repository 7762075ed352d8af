package dev.atoll.manager.outbox;

import dev.atoll.manager.timer.Timers;
import dev.atoll.model.id.SandboxId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which effects may be carried out now: one per sandbox, and so many in all. Only bookkeeping: nothing is carried out in here. Thread-safe.
 */
final class EffectLanes {
    private final int maxRunning;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SandboxId, EffectLane> lanes = new HashMap<>();
    private final ArrayDeque<EffectLane> ready = new ArrayDeque<>();
    private int running;

    EffectLanes(int maxRunning) {
        this.maxRunning = maxRunning;
    }

    /** Queues work. Work that the lane has already, or that is older than what it has, is not queued again. */
    void offer(Work work) {
        locked(() -> {
            EffectLane lane = lanes.computeIfAbsent(work.effect().sandbox(), EffectLane::new);
            if (isNewerThan(work, lane.current) && isNewerThan(work, lane.next)) {
                lane.next = work;
                lane.failures = 0;
                lane.endPause();
                lane.interrupt();
                makeReady(lane);
            }
            return lane;
        });
    }

    /** The sandbox has reached this generation: waiting for the host over an older one is pointless. */
    void movedOn(SandboxId sandbox, long generation) {
        locked(() -> {
            EffectLane lane = lanes.get(sandbox);
            if (lane != null && lane.current != null && lane.current.effect().generation() < generation) {
                lane.interrupt();
            }
            return sandbox;
        });
    }

    /** The next lane whose work is to be carried out now; whoever takes it calls {@link #finished} in the end. */
    Optional<EffectLane> take() {
        return locked(() -> {
            if (running >= maxRunning || ready.isEmpty()) {
                return Optional.<EffectLane>empty();
            }
            EffectLane lane = ready.removeFirst();
            lane.current = lane.next;
            lane.next = null;
            lane.cut = false;
            running++;
            return Optional.of(lane);
        });
    }

    /** Begins the part of the work that may be cut short, on this thread; the answer is the work. */
    Optional<Work> begin(EffectLane lane) {
        return locked(() -> {
            lane.waiting = Thread.currentThread();
            if (lane.cut) {
                lane.interrupt();
            }
            return Optional.ofNullable(lane.current);
        });
    }

    /** Ends the part of the work that may be cut short, and takes back an interrupt that came too late. */
    void settle(EffectLane lane) {
        locked(() -> {
            lane.waiting = null;
            return Thread.interrupted();
        });
    }

    /**
     * The lane's work is over. With {@code again}, it waits for {@link #resume} unless something newer has come; answers whether it does.
     */
    boolean finished(EffectLane lane, boolean again) {
        return locked(() -> {
            Work done = lane.current;
            lane.current = null;
            running--;
            boolean pausing = again && lane.next == null;
            if (pausing) {
                lane.next = done;
                lane.failures++;
            } else if (lane.next != null) {
                makeReady(lane);
            } else {
                lanes.remove(lane.sandbox, lane);
            }
            return pausing;
        });
    }

    /** Sets the timer that will resume a lane which pauses; a lane that has gone on in the meantime does not want it. */
    void pausedBy(EffectLane lane, Timers.Timer timer) {
        boolean wanted = locked(() -> {
            boolean pauses = lane.current == null && lane.next != null && !ready.contains(lane);
            if (pauses) {
                lane.pause = timer;
            }
            return pauses;
        });
        if (!wanted) {
            timer.cancel();
        }
    }

    void resume(EffectLane lane) {
        locked(() -> {
            lane.pause = null;
            makeReady(lane);
            return lane;
        });
    }

    /** The places in the queue of all work that is here. */
    Collection<Long> held() {
        return locked(() -> {
            List<Long> seqs = new ArrayList<>();
            for (EffectLane lane : lanes.values()) {
                Optional.ofNullable(lane.current)
                        .ifPresent(work -> seqs.add(work.effect().seq()));
                Optional.ofNullable(lane.next)
                        .ifPresent(work -> seqs.add(work.effect().seq()));
            }
            return seqs;
        });
    }

    int size() {
        return locked(lanes::size);
    }

    private void makeReady(EffectLane lane) {
        if (lane.current == null && lane.next != null && !ready.contains(lane)) {
            ready.addLast(lane);
        }
    }

    private static boolean isNewerThan(Work work, @Nullable Work other) {
        return other == null || work.effect().seq() > other.effect().seq();
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
