package dev.atoll.manager.host;

import dev.atoll.model.event.EventType;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What goes on in the sandboxes of a {@link FakeHost}. A sandbox is idle from the moment on that a test says. */
final class FakeActivity implements HostActivity {
    private static final long SAMPLE_MEMORY = 64L << 20;

    private final FakeHost host;
    private final FakeExecs execs;
    private final Clock clock;
    private final List<NewEvent> news = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<SandboxId, Instant> used = new HashMap<>();

    FakeActivity(FakeHost host, FakeExecs execs, Clock clock) {
        this.host = host;
        this.execs = execs;
        this.clock = clock;
    }

    @Override
    public synchronized HostNews news(HostNews.Mark written, int limit) {
        host.faults().before("news");
        execs.everyExec().forEach(this::see);
        int from = (int) written.last();
        List<NewEvent> some = List.copyOf(news.subList(from, Math.min(news.size(), from + limit)));
        return new HostNews(some, new HostNews.Mark("only", from + some.size()), 0);
    }

    private void see(Exec exec) {
        String id = exec.id().value();
        see(new NewEvent(
                exec.sandbox(),
                EventType.EXEC_STARTED,
                exec.startedAt(),
                Map.of("exec_id", id, "command", exec.spec().argv().getFirst()),
                Optional.of(id + " started")));
        if (exec.end().isPresent()) {
            ExecEnd end = exec.end().get();
            see(new NewEvent(
                    exec.sandbox(),
                    EventType.EXEC_ENDED,
                    end.endedAt(),
                    Map.of("exec_id", id, "reason", end.reason().word()),
                    Optional.of(id + " ended")));
        }
    }

    private void see(NewEvent event) {
        if (seen.add(event.once().orElseThrow())) {
            news.add(event);
        }
    }

    @Override
    public synchronized Duration idleFor(SandboxId sandbox, boolean processes) {
        host.faults().before("idleFor");
        requireRunning(sandbox);
        boolean busy = processes
                && execs.everyExec().stream()
                        .anyMatch(exec -> exec.sandbox().equals(sandbox) && exec.state() == ExecState.RUNNING);
        Instant last = used.computeIfAbsent(sandbox, first -> clock.instant());
        return busy ? Duration.ZERO : Duration.between(last, clock.instant());
    }

    @Override
    public synchronized void touch(SandboxId sandbox) {
        used.put(sandbox, clock.instant());
    }

    @Override
    public UsageSeries usage(SandboxId sandbox, Instant since, Duration step) {
        requireRunning(sandbox);
        return new UsageSeries(
                List.of(new UsageSeries.UsageSample(clock.instant(), 1_500_000, 0.25, SAMPLE_MEMORY, 0, 1)),
                Duration.ofSeconds(5),
                OptionalInt.of(2));
    }

    private void requireRunning(SandboxId sandbox) {
        if (!host.isRunning(sandbox)) {
            throw Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "The host has no sandbox " + sandbox + ".")
                    .asException();
        }
    }
}
