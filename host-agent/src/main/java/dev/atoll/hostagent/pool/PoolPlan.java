package dev.atoll.hostagent.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what the pool does next, from what it has and what is wanted. Reads shelves and changes nothing. */
final class PoolPlan {
    private final PoolSettings settings;

    PoolPlan(PoolSettings settings) {
        this.settings = settings;
    }

    /** What should be kept of one template. */
    record Target(int ready, int booted) {
        static final Target NONE = new Target(0, 0);
    }

    /** The next thing to do. */
    sealed interface Action {
        /** Make one that runs, from nothing. */
        record Make(Shelf shelf) implements Action {}

        /** Start one that has booted. */
        record Start(Shelf shelf) implements Action {}

        /** Boot one and leave it at that. */
        record Boot(Shelf shelf) implements Action {}
    }

    /** What should be kept of each, the most recently wanted served first; in all never more than the settings allow. */
    Map<Shelf, Target> targets(Collection<Shelf> shelves, long nowNanos) {
        List<Shelf> inOrder = new ArrayList<>(shelves);
        inOrder.sort(Comparator.comparing((Shelf shelf) -> shelf.least > 0)
                .thenComparingLong(shelf -> shelf.demand.lastNanos() - nowNanos)
                .reversed());
        int room = settings.most();
        Map<Shelf, Target> targets = new LinkedHashMap<>();
        for (Shelf shelf : inOrder) {
            if (shelf.outdated) {
                targets.put(shelf, Target.NONE);
                continue;
            }
            boolean live = shelf.demand.isLive(nowNanos, settings.idleAfter());
            int wanted = live ? Math.min(shelf.demand.wanted(nowNanos), settings.mostPerTemplate()) : 0;
            int ready = Math.min(room, Math.max(wanted, shelf.least));
            room -= ready;
            int booted = Math.min(room, live || shelf.least > 0 ? settings.booted() : 0);
            room -= booted;
            targets.put(shelf, new Target(ready, booted));
        }
        return targets;
    }

    /** What to do next for what is missing: running ones before those that only boot. */
    Optional<Action> next(Map<Shelf, Target> targets, long nowNanos) {
        for (Map.Entry<Shelf, Target> entry : targets.entrySet()) {
            Shelf shelf = entry.getKey();
            if (shelf.mayTry(nowNanos)
                    && shelf.ready.size() + shelf.starting < entry.getValue().ready()) {
                return Optional.of(shelf.booted.isEmpty() ? new Action.Make(shelf) : new Action.Start(shelf));
            }
        }
        for (Map.Entry<Shelf, Target> entry : targets.entrySet()) {
            Shelf shelf = entry.getKey();
            if (shelf.mayTry(nowNanos)
                    && shelf.booted.size() + shelf.booting < entry.getValue().booted()) {
                return Optional.of(new Action.Boot(shelf));
            }
        }
        return Optional.empty();
    }

    /** The shelf that has more than it should, if one has: its oldest box is to go. */
    Optional<Shelf> overfull(Map<Shelf, Target> targets) {
        return targets.entrySet().stream()
                .filter(entry -> entry.getKey().ready.size() > entry.getValue().ready()
                        || entry.getKey().booted.size() > entry.getValue().booted())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
