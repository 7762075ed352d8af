package dev.atoll.hostagent.exec;

import dev.atoll.model.exec.ExecEndReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of execs. Thread-safe. */
public final class ExecMetrics {
    private final MeterRegistry metrics;
    private final AtomicInteger running;
    private final Timer spawn;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    public ExecMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        this.running = new AtomicInteger();
        this.spawn = Timer.builder("atoll.exec.spawn")
                .description(
                        "From the request to the guest's first answer: that the process runs, or that it has ended already")
                .publishPercentileHistogram()
                .register(metrics);
        Gauge.builder("atoll.execs.running", running, AtomicInteger::get)
                .description("Execs that have not ended")
                .register(metrics);
    }

    void began() {
        running.incrementAndGet();
    }

    void spawned(Duration took) {
        spawn.record(took);
    }

    void refused(String code) {
        running.decrementAndGet();
        counter("refused", code).increment();
    }

    void ended(ExecEndReason reason) {
        running.decrementAndGet();
        counter("ended", reason.word()).increment();
    }

    private Counter counter(String outcome, String reason) {
        return counters.computeIfAbsent(
                outcome + " " + reason,
                _ -> Counter.builder("atoll.execs")
                        .description("Execs by how they ended")
                        .tag("outcome", outcome)
                        .tag("reason", reason)
                        .register(metrics));
    }
}
