package dev.atoll.hostagent.pool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is counted of the pool. Thread-safe. */
public final class PoolMetrics {
    private final MeterRegistry metrics;

    public PoolMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** {@code state} is {@code ready}, {@code booted} or {@code making}. */
    void boxes(String state, Supplier<Number> count) {
        Gauge.builder("atoll.pool.boxes", count)
                .description("Boxes that are kept ready, by how far they are")
                .tag("state", state)
                .register(metrics);
    }

    void target(Supplier<Number> count) {
        Gauge.builder("atoll.pool.target", count)
                .description("Boxes that should be kept ready now, by demand")
                .register(metrics);
    }

    /** {@code result} is {@code ready}, {@code booted} or why there was none. */
    void taken(String result) {
        Counter.builder("atoll.pool.taken")
                .description("Sandboxes that asked the pool for a box, by what it had")
                .tag("result", result)
                .register(metrics)
                .increment();
    }

    /** One was made: how long it took, and the CPU time that it had used by then. */
    void made(String what, long nanos, long cpuNanos) {
        Timer.builder("atoll.pool.refill")
                .description("Making a box ahead of need")
                .tag("what", what)
                .publishPercentileHistogram()
                .register(metrics)
                .record(nanos, TimeUnit.NANOSECONDS);
        Counter.builder("atoll.pool.refill.cpu")
                .baseUnit("seconds")
                .description("CPU time that boxes made ahead of need had used when they were ready")
                .register(metrics)
                .increment(cpuNanos / 1e9);
    }

    void failed() {
        Counter.builder("atoll.pool.refill.failures")
                .description("Boxes that could not be made ahead of need")
                .register(metrics)
                .increment();
    }

    /** {@code why} is {@code surplus}, {@code memory}, {@code ended} or {@code closing}. */
    void retired(String why) {
        Counter.builder("atoll.pool.retired")
                .description("Boxes that were kept ready and given up without having been used")
                .tag("why", why)
                .register(metrics)
                .increment();
    }

    void adopted() {
        Counter.builder("atoll.adoptions")
                .description("What an earlier life of the agent had running, and this one has taken over")
                .tag("kind", "pooled-box")
                .register(metrics)
                .increment();
    }
}
