package dev.atoll.manager.timer;

import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/** Timers that fire when the clock is moved to them. */
public final class ManualTimers implements Timers {
    private record Place(Instant when, long order) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = when.compareTo(other.when);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final TreeMap<Place, Runnable> actions = new TreeMap<>();
    private final ManualClock clock;
    private final Executor executor;
    private long order;

    /** Actions run on {@code executor}. */
    public ManualTimers(ManualClock clock, Executor executor) {
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public synchronized Timer at(Instant when, Runnable action) {
        Place place = new Place(when, order++);
        actions.put(place, action);
        return () -> remove(place);
    }

    private synchronized void remove(Place place) {
        actions.remove(place);
    }

    /** When the next action is due. */
    public synchronized Optional<Instant> next() {
        return actions.isEmpty()
                ? Optional.empty()
                : Optional.of(actions.firstKey().when());
    }

    /** Moves the clock to the next action and hands it over; false when there is none. */
    public boolean fireNext() {
        Runnable action;
        synchronized (this) {
            if (actions.isEmpty()) {
                return false;
            }
            clock.advanceTo(actions.firstKey().when());
            action = actions.pollFirstEntry().getValue();
        }
        executor.execute(action);
        return true;
    }

    /** Hands over everything that is due by then, moving the clock along. */
    public void advanceTo(Instant then) {
        while (next().filter(when -> !when.isAfter(then)).isPresent()) {
            fireNext();
        }
        clock.advanceTo(then);
    }
}
