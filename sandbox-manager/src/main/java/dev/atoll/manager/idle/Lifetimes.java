package dev.atoll.manager.idle;

import dev.atoll.manager.event.EventBell;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.store.SandboxTimes;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxLimits;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Use cases on how long a sandbox lives. Besides what is named, every method throws {@code sandbox_not_found}, and those that change
 * something {@code sandbox_stopped}. Thread-safe.
 */
public final class Lifetimes {
    private final Sandboxes sandboxes;
    private final SandboxTimes times;
    private final HostDirectory hosts;
    private final EventBell bell;
    private final IdleWatch idle;
    private final Clock clock;

    public Lifetimes(
            Sandboxes sandboxes, SandboxTimes times, HostDirectory hosts, EventBell bell, IdleWatch idle, Clock clock) {
        this.sandboxes = sandboxes;
        this.times = times;
        this.hosts = hosts;
        this.bell = bell;
        this.idle = idle;
        this.clock = clock;
    }

    /**
     * Lets a sandbox live for a time from now at least; never shortens its life. Throws {@code invalid_quantity} when that would be longer
     * than a sandbox may live from its creation.
     */
    public Sandbox extend(Caller caller, SandboxId id, Duration time) {
        Sandbox known = sandboxes.get(caller, id);
        Instant now = clock.instant();
        Instant until = now.plus(time);
        if (until.isAfter(known.createdAt().plus(SandboxLimits.MAX_TTL))) {
            throw Problem.of(
                            ProblemCode.INVALID_QUANTITY,
                            "The sandbox would live longer than it may: 30 days from its creation.",
                            "Ask for less, or create another sandbox.")
                    .asException();
        }
        return changed(known, times.extend(id, until, now));
    }

    /** Keeps a sandbox from being idle for a time from now, whatever it was for this hold before. Throws {@code too_many_holds}. */
    public Sandbox hold(Caller caller, SandboxId id, String name, Duration time) {
        SandboxLimits.checkHold(name, time);
        Sandbox known = sandboxes.get(caller, id);
        Instant now = clock.instant();
        Map<String, Instant> holds = known.holdsAt(now);
        if (holds.size() >= SandboxLimits.MAX_HOLDS && !holds.containsKey(name)) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_HOLDS,
                            "The sandbox has " + holds.size() + " holds, as many as it may.",
                            "Give one up, or use one name again.")
                    .withNext("GET /v1/sandboxes/" + id + "/holds")
                    .asException();
        }
        return changed(known, times.hold(id, name, now.plus(time), now));
    }

    /** Gives a hold up; the idle time begins now. One that is not there is given up already. */
    public Sandbox release(Caller caller, SandboxId id, String name) {
        Sandbox known = sandboxes.get(caller, id);
        return changed(known, times.release(id, name, clock.instant()));
    }

    /** The holds that are valid now, by name. */
    public Map<String, Instant> holds(Caller caller, SandboxId id) {
        return sandboxes.get(caller, id).holdsAt(clock.instant());
    }

    /** How many of a sandbox's holds are valid now. */
    public int holds(Sandbox sandbox) {
        return sandbox.holds().isEmpty() ? 0 : sandbox.holdsAt(clock.instant()).size();
    }

    /** When the sandbox was last used, as far as its host can tell; empty unless it runs and ends for want of use. Never throws. */
    public Optional<Instant> lastUsed(Sandbox sandbox) {
        if (sandbox.state() != SandboxState.RUNNING || sandbox.spec().idle().isEmpty()) {
            return Optional.empty();
        }
        try {
            Duration idleFor = hosts.client(sandbox.host().orElseThrow())
                    .activity()
                    .idleFor(sandbox.id(), sandbox.spec().idle().get().processes());
            return Optional.of(clock.instant().minus(idleFor));
        } catch (ProblemException silent) {
            return Optional.empty();
        }
    }

    private Sandbox changed(Sandbox known, Optional<Sandbox> changed) {
        Sandbox now = changed.orElseThrow(() -> over(known));
        bell.ring(now.id(), now.workspace());
        if (now.state() == SandboxState.RUNNING) {
            touch(now);
            idle.reconsider(now);
        }
        return now;
    }

    /** A host that does not answer has seen other use, or is given up anyway. */
    private void touch(Sandbox sandbox) {
        try {
            hosts.client(sandbox.host().orElseThrow()).activity().touch(sandbox.id());
        } catch (ProblemException silent) {
            // The hold is what counts; this call is only a use like others.
            return;
        }
    }

    private static ProblemException over(Sandbox known) {
        String why = known.reason().map(EndReason::word).orElse("its time is over");
        return Problem.of(
                        ProblemCode.SANDBOX_STOPPED,
                        "The sandbox has ended or is being stopped (" + why + ").",
                        "Create another one.")
                .withNext("POST /v1/sandboxes")
                .asException();
    }
}
