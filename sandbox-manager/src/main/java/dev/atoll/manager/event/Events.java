package dev.atoll.manager.event;

import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.store.EventStore;
import dev.atoll.manager.timing.CallTimes;
import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Use cases on the log of what happened to sandboxes. A position that was read is never passed by something that is written later, so
 * whoever goes on from the last one misses nothing. Every method throws {@code database_unavailable} when the database does not answer,
 * and {@code shutting_down} when the thread is interrupted. Thread-safe.
 */
public final class Events {
    /** Most events in one answer. */
    public static final int MAX_LIMIT = 1_000;

    /** How often is looked for what another process has written. */
    private static final Duration RE_READ_EVERY = Duration.ofSeconds(5);

    /** What was heard of may be seen a moment later, when a transaction is under way that began before it. */
    private static final Duration SEEN_WITHIN = Duration.ofMillis(20);

    /** How often it is looked for so soon again. */
    private static final int SOON_LOOKS = 50;

    private final EventStore store;
    private final EventBell bell;
    private final Sandboxes sandboxes;
    private final Duration maxWait;

    public Events(EventStore store, EventBell bell, Sandboxes sandboxes, Duration maxWait) {
        this.store = store;
        this.bell = bell;
        this.sandboxes = sandboxes;
        this.maxWait = maxWait;
    }

    /**
     * What happened to a sandbox after a position, waiting for the first for as long as {@code wait} says. Throws {@code
     * sandbox_not_found}.
     */
    public List<LoggedEvent> ofSandbox(
            Caller caller, SandboxId sandbox, EventPosition after, int limit, Duration wait) {
        var _ = sandboxes.get(caller, sandbox);
        return read(caller, Optional.of(sandbox), () -> store.ofSandbox(sandbox, after, limit), wait);
    }

    /** What happened to all sandboxes of the caller's workspace after a position, waiting likewise. */
    public List<LoggedEvent> ofWorkspace(Caller caller, EventPosition after, int limit, Duration wait) {
        return read(caller, Optional.empty(), () -> store.ofWorkspace(caller.workspace(), after, limit), wait);
    }

    private List<LoggedEvent> read(
            Caller caller, Optional<SandboxId> sandbox, Supplier<List<LoggedEvent>> look, Duration wait) {
        if (!wait.isPositive()) {
            return look.get();
        }
        try (EventBell.Ear ear = bell.listen(caller.workspace(), sandbox)) {
            return CallTimes.waiting(() -> await(ear, look, wait.compareTo(maxWait) > 0 ? maxWait : wait));
        }
    }

    private static List<LoggedEvent> await(EventBell.Ear ear, Supplier<List<LoggedEvent>> look, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        int soon = 0;
        while (true) {
            List<LoggedEvent> found = look.get();
            long left = end - System.nanoTime();
            if (!found.isEmpty() || left <= 0) {
                return found;
            }
            Duration pause = soon > 0 ? SEEN_WITHIN : RE_READ_EVERY;
            try {
                boolean heard = ear.await(Math.min(left, pause.toNanos()));
                soon = heard ? SOON_LOOKS : Math.max(0, soon - 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                        .asException();
            }
        }
    }
}
