package dev.atoll.manager.transition;

import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line and the figures for every change of a sandbox. */
public final class LifecycleLog implements CommitListener {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleLog.class);

    private final MeterRegistry meters;
    private final Clock clock;
    private final Timer startTime;

    public LifecycleLog(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        this.startTime = Timer.builder("atoll.sandbox.start")
                .description("From the request of a sandbox to its running")
                .publishPercentileHistogram()
                .register(meters);
    }

    @Override
    public void committed(Commit commit) {
        Sandbox sandbox = commit.sandbox();
        String reason = sandbox.reason().map(EndReason::word).orElse("-");
        LOG.info(
                "sandbox={} {} -> {} generation={} host={} workspace={} reason={}",
                sandbox.id(),
                commit.from().map(LifecycleLog::word).orElse("new"),
                word(sandbox.state()),
                sandbox.generation(),
                sandbox.host().map(Object::toString).orElse("-"),
                sandbox.workspace(),
                reason);
        meters.counter("atoll.sandbox.transitions", "to", word(sandbox.state()), "reason", reason)
                .increment();
        if (sandbox.state() == SandboxState.RUNNING) {
            Instant now = clock.instant();
            startTime.record(Duration.between(sandbox.createdAt(), now));
        }
    }

    private static String word(SandboxState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
