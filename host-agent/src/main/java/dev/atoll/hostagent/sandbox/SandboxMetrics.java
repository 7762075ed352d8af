package dev.atoll.hostagent.sandbox;

import dev.atoll.model.sandbox.EndReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is counted of sandboxes. Thread-safe. */
public final class SandboxMetrics {
    private final MeterRegistry metrics;

    public SandboxMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void live(Supplier<Number> count) {
        Gauge.builder("atoll.sandboxes.live", count)
                .description("Sandboxes this host has: being made, running, being taken down")
                .register(metrics);
    }

    /** {@code outcome} is {@code ok} or a problem's code. */
    void prepared(String outcome, long nanos) {
        Timer.builder("atoll.sandbox.creates")
                .description("Sandboxes made, by outcome")
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .register(metrics)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void step(String name, long nanos) {
        Timer.builder("atoll.sandbox.create.step")
                .description("The steps of making a sandbox")
                .tag("step", name)
                .register(metrics)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void undoFailed(String name) {
        Counter.builder("atoll.sandbox.undo.failures")
                .description("Attempts to take something of a sandbox down that failed; they are made again")
                .tag("step", name)
                .register(metrics)
                .increment();
    }

    void ended(EndReason reason) {
        Counter.builder("atoll.sandbox.ends")
                .description("Sandboxes that ended, by reason")
                .tag("reason", reason.word())
                .register(metrics)
                .increment();
    }

    void orphansRemoved(String kind, int count) {
        Counter.builder("atoll.orphans.removed")
                .description("Things of an earlier life that were removed")
                .tag("kind", kind)
                .register(metrics)
                .increment(count);
    }
}
