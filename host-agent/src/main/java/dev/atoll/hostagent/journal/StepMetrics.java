package dev.atoll.hostagent.journal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What is counted of the steps that make boxes and sandboxes. Thread-safe. */
public final class StepMetrics {
    private final MeterRegistry metrics;

    public StepMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void made(String step, long nanos) {
        Timer.builder("atoll.sandbox.create.step")
                .description("The steps of making a sandbox and its box")
                .tag("step", step)
                .publishPercentileHistogram()
                .register(metrics)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void undoFailed(String step) {
        Counter.builder("atoll.sandbox.undo.failures")
                .description("Attempts to take something of a sandbox down that failed; they are made again")
                .tag("step", step)
                .register(metrics)
                .increment();
    }
}
