package dev.atoll.hostagent.activity;

import dev.atoll.model.id.SandboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When the sandboxes of this host were last used. A call about a sandbox is use for as long as it lasts, a stream for as long as it is
 * open. While the agent is down no time passes for a sandbox: nobody could use it. Thread-safe; nothing here waits.
 */
public final class ActivityClock {
    private final Clock clock;
    private final ActivityMarks before;
    private final Map<SandboxId, Use> uses = new ConcurrentHashMap<>();

    private static final class Use {
        private final AtomicInteger open = new AtomicInteger();
        private volatile Instant called;
        private volatile Instant processEnded;

        private Use(Instant called, Instant processEnded) {
            this.called = called;
            this.processEnded = processEnded;
        }
    }

    /** {@code before} is what an earlier life wrote down. */
    public ActivityClock(ActivityMarks before, Clock clock) {
        this.before = before;
        this.clock = clock;
    }

    /** Commands can be run in it from now on, or again. */
    public void opened(SandboxId sandbox) {
        Instant now = clock.instant();
        Optional<ActivityMarks.Mark> known = before.of(sandbox);
        Duration down = Duration.between(before.at(), now);
        uses.put(
                sandbox,
                new Use(
                        known.map(mark -> mark.called().plus(down)).orElse(now),
                        known.map(mark -> mark.processEnded().plus(down)).orElse(now)));
    }

    /** It has ended. */
    public void gone(SandboxId sandbox) {
        uses.remove(sandbox);
    }

    /** A call about it, or a stream, begins. */
    public void begin(SandboxId sandbox) {
        Use use = uses.get(sandbox);
        if (use != null) {
            use.open.incrementAndGet();
        }
    }

    /** A call about it that has begun is over. */
    public void end(SandboxId sandbox) {
        Use use = uses.get(sandbox);
        if (use != null) {
            use.called = clock.instant();
            // One that began before the sandbox was opened was not counted.
            use.open.updateAndGet(open -> Math.max(0, open - 1));
        }
    }

    /** It was used this moment. */
    public void touch(SandboxId sandbox) {
        Use use = uses.get(sandbox);
        if (use != null) {
            use.called = clock.instant();
        }
    }

    void processEnded(SandboxId sandbox) {
        Use use = uses.get(sandbox);
        if (use != null) {
            use.processEnded = clock.instant();
        }
    }

    /**
     * For how long nothing has used it, commands that run left out; empty when it is not open.
     *
     * @param processes whether commands that ran were use
     */
    public Optional<Duration> idleFor(SandboxId sandbox, boolean processes) {
        return Optional.ofNullable(uses.get(sandbox)).map(use -> {
            if (use.open.get() > 0) {
                return Duration.ZERO;
            }
            Instant last = processes && use.processEnded.isAfter(use.called) ? use.processEnded : use.called;
            Duration idle = Duration.between(last, clock.instant());
            return idle.isNegative() ? Duration.ZERO : idle;
        });
    }

    /** What the next life has to know. */
    ActivityMarks marks(Instant newsTaken) {
        Instant now = clock.instant();
        Map<String, ActivityMarks.Mark> marks = new TreeMap<>();
        uses.forEach((sandbox, use) -> marks.put(
                sandbox.value(), new ActivityMarks.Mark(use.open.get() > 0 ? now : use.called, use.processEnded)));
        return new ActivityMarks(now, newsTaken, marks);
    }
}
