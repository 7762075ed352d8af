package dev.atoll.manager;

import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.timer.ManualClock;
import dev.atoll.manager.timer.ManualTimers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One life of a control plane in the simulation: its parts, and the tasks and timers that die with it. Everything runs on the simulation's
 * thread.
 */
final class SimulatedLife {
    /** Ends whatever the killed process was doing, without giving it a chance to clean up. */
    static final class Killed extends Error {
        Killed() {
            super("killed", null, false, false);
        }
    }

    private final List<Runnable> tasks = new ArrayList<>();
    private final ManualTimers timers;
    private final Random random;
    private final ManagerParts parts;
    private boolean dead;

    SimulatedLife(ManagerStores stores, List<HostClient> hosts, ManualClock clock, Random random) {
        this.random = random;
        this.timers = new ManualTimers(clock, tasks::add);
        this.parts = ManagerParts.assemble(
                ManagerSettings.DEFAULTS,
                stores,
                hosts,
                new ManagerSurroundings(clock, random, timers, tasks::add, new SimpleMeterRegistry()));
    }

    void start() {
        runKillable(() -> parts.outbox().start());
        runKillable(() -> parts.reconciler().start());
    }

    ManagerParts parts() {
        return parts;
    }

    boolean isDead() {
        return dead;
    }

    void kill() {
        dead = true;
        tasks.clear();
    }

    boolean hasTasks() {
        return !dead && !tasks.isEmpty();
    }

    /** Runs one task, any: real threads make no promises about their order either. */
    void runAnyTask() {
        Runnable task = tasks.remove(random.nextInt(tasks.size()));
        runKillable(task);
    }

    void runKillable(Runnable task) {
        try {
            task.run();
        } catch (Killed killed) {
            if (!dead) {
                throw killed;
            }
        }
    }

    Optional<Instant> nextTimer() {
        return dead ? Optional.empty() : timers.next();
    }

    void advanceTo(Instant then) {
        if (!dead) {
            timers.advanceTo(then);
        }
    }
}
