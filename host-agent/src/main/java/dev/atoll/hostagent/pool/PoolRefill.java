package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.model.problem.ProblemException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool's own work: makes what is missing and gives up what is too much, one thing after the other, never while somebody waits for a
 * boot or has just taken a box, and within its share of the processors and of the memory.
 */
final class PoolRefill {
    private static final Logger LOG = LoggerFactory.getLogger(PoolRefill.class);

    /** Demand fades and images appear without anyone telling. */
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WarmPool pool;
    private final PoolSettings settings;
    private final PoolTools tools;
    private final PoolMetrics metrics;
    private final CpuBudget budget;

    PoolRefill(WarmPool pool, PoolSettings settings, PoolTools tools, PoolMetrics metrics) {
        this.pool = pool;
        this.settings = settings;
        this.tools = tools;
        this.metrics = metrics;
        this.budget = new CpuBudget(
                settings.cpuPercent(), tools.cores(), tools.nanos().getAsLong());
    }

    /** Until the pool is closed. */
    void run() {
        try {
            while (pool.pause(work())) {
                // The work says how long there is none.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the pool is not refilled any more", e);
        }
    }

    /** Does what can be done now; answers in how many nanoseconds there may be more. */
    private long work() {
        pool.refresh();
        long available = tools.availableMemory().getAsLong();
        boolean starving = available < settings.memoryFloorBytes() / 2;
        Optional<HostedBox> surplus = pool.surplus(starving);
        if (surplus.isPresent()) {
            pool.retire(surplus.get(), starving ? "memory" : "surplus");
            return 1;
        }
        long wait = waitNanos(available);
        if (wait > 0) {
            return Math.min(wait, TICK_NANOS);
        }
        Optional<PoolPlan.Action> next = pool.begin();
        if (next.isEmpty()) {
            return TICK_NANOS;
        }
        tools.threads().execute(() -> {
            try {
                carryOut(next.get());
            } finally {
                pool.over();
            }
        });
        return 1;
    }

    private long waitNanos(long availableMemory) {
        if (pool.underWay() >= settings.atOnce() || availableMemory < settings.memoryFloorBytes()) {
            return TICK_NANOS;
        }
        if (tools.gate().wanted() > 0) {
            return settings.quiet().toNanos() + 1;
        }
        synchronized (budget) {
            return Math.max(pool.quietNanos(), budget.waitNanos(tools.nanos().getAsLong()));
        }
    }

    private void carryOut(PoolPlan.Action action) {
        long start = tools.nanos().getAsLong();
        Optional<HostedBox> made = Optional.empty();
        try {
            made = make(action);
        } catch (ProblemException e) {
            LOG.warn("a box could not be made ahead of need: {}", e.problem());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a box could not be made ahead of need", e);
        }
        long took = tools.nanos().getAsLong() - start;
        synchronized (budget) {
            budget.charge(took);
        }
        if (made.isEmpty()) {
            metrics.failed();
        } else {
            measure(action, made.get(), took);
        }
        boolean settled = pool.finish(action, made);
        if (!settled) {
            made.ifPresent(box -> pool.retire(box, "ended"));
        }
    }

    private Optional<HostedBox> make(PoolPlan.Action action) throws InterruptedException {
        HostedBox box = switch (action) {
            case PoolPlan.Action.Make(Shelf shelf) -> HostedBox.begin(tools.boxes(), shelf.template);
            case PoolPlan.Action.Boot(Shelf shelf) -> HostedBox.begin(tools.boxes(), shelf.template);
            case PoolPlan.Action.Start(Shelf shelf) ->
                pool.toStart(shelf).orElseGet(() -> HostedBox.begin(tools.boxes(), shelf.template));
        };
        try {
            if (action instanceof PoolPlan.Action.Boot) {
                box.boot(BootGate.Urgency.AHEAD, () -> false);
            } else {
                box.makeWhole(BootGate.Urgency.AHEAD, () -> false);
            }
            return Optional.of(box);
        } catch (InterruptedException | RuntimeException e) {
            pool.retire(box, "failed");
            throw e;
        }
    }

    private void measure(PoolPlan.Action action, HostedBox box, long took) {
        String what = switch (action) {
            case PoolPlan.Action.Make _ -> "make";
            case PoolPlan.Action.Start _ -> "start";
            case PoolPlan.Action.Boot _ -> "boot";
        };
        metrics.made(what, took, box.standing().cpuNanos());
    }
}
