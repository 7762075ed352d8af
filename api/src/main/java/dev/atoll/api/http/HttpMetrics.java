package dev.atoll.api.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times requests by operation and status. Thread-safe. */
final class HttpMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    /** A request on its way. */
    record Running(Timer.Sample sample) {}

    private record Cell(String operation, int status) {}

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<Cell, Timer> timers = new ConcurrentHashMap<>();

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("atoll.http.requests.in.flight", inFlight);
    }

    Running begin() {
        inFlight.incrementAndGet();
        return new Running(Timer.start(registry));
    }

    void end(Running running, String operation, int status) {
        inFlight.decrementAndGet();
        running.sample().stop(timers.computeIfAbsent(new Cell(operation, status), this::timer));
    }

    private Timer timer(Cell cell) {
        return Timer.builder("atoll.http.requests")
                .description("Requests by operation and status; waits and streams count as long as they last")
                .tag("operation", cell.operation())
                .tag("status", Integer.toString(cell.status()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
