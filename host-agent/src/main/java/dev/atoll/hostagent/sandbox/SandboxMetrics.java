package dev.atoll.hostagent.sandbox;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxStart;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is counted of sandboxes. Thread-safe. */
public final class SandboxMetrics {
    private final MeterRegistry metrics;

    public SandboxMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        // An alert on what should not happen needs the zero before it.
        List.of("sandbox", "ended").forEach(this::adoptions);
        List.of("box", "sandbox", "file").forEach(this::orphans);
    }

    void live(Supplier<Number> count) {
        Gauge.builder("atoll.sandboxes.live", count)
                .description("Sandboxes this host has: being made, running, being taken down")
                .register(metrics);
    }

    /** One was made. */
    void prepared(SandboxStart start, long nanos) {
        creates("ok", start.kind().word(), start.word(), nanos);
    }

    /** One could not be made. */
    void notPrepared(ProblemCode code, long nanos) {
        creates(code.code(), "none", "none", nanos);
    }

    private void creates(String outcome, String start, String reason, long nanos) {
        Timer.builder("atoll.sandbox.creates")
                .description("Sandboxes made on this host, by outcome, by how they came to run and why so")
                .tag("outcome", outcome)
                .tag("start", start)
                .tag("reason", reason)
                .publishPercentileHistogram()
                .register(metrics)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** {@code kind} is {@code sandbox}, or {@code ended} for one of which only records were left. */
    void adopted(String kind) {
        adoptions(kind).increment();
    }

    private Counter adoptions(String kind) {
        return Counter.builder("atoll.adoptions")
                .description("What an earlier life of the agent had running, and this one has taken over")
                .tag("kind", kind)
                .register(metrics);
    }

    void ended(EndReason reason) {
        Counter.builder("atoll.sandbox.ends")
                .description("Sandboxes that ended, by reason")
                .tag("reason", reason.word())
                .register(metrics)
                .increment();
    }

    void orphanRemoved(String kind) {
        orphans(kind).increment();
    }

    private Counter orphans(String kind) {
        return Counter.builder("atoll.orphans.removed")
                .description("Things without an owner that were found on this host and removed")
                .tag("kind", kind)
                .register(metrics);
    }
}
