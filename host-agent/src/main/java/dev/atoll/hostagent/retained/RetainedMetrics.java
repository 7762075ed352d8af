package dev.atoll.hostagent.retained;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What is counted of what ended sandboxes said. Thread-safe. */
final class RetainedMetrics {
    private final MeterRegistry metrics;

    RetainedMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void shows(Supplier<Number> sandboxes, Supplier<Number> bytes) {
        Gauge.builder("atoll.retained.sandboxes", sandboxes)
                .description("Ended sandboxes whose execs can still be read")
                .register(metrics);
        Gauge.builder("atoll.retained", bytes)
                .baseUnit("bytes")
                .description("Output of ended sandboxes that is kept")
                .register(metrics);
    }

    void letGo(RetainedSandboxes.Why why) {
        Counter.builder("atoll.retained.released")
                .description("Ended sandboxes whose execs can no longer be read")
                .tag("why", why.word())
                .register(metrics)
                .increment();
    }
}
