package dev.atoll.manager.idle;

import dev.atoll.manager.event.EventBell;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.store.EventStore;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.store.SandboxTimes;
import dev.atoll.manager.timer.Timers;
import dev.atoll.manager.transition.Commit;
import dev.atoll.manager.transition.CommitListener;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.IdlePolicy;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sandboxes that nothing uses. Only their hosts know what uses them; a host is asked when the time could be over, or the warning of
 * that due, by what it said the last time: twice per idle time, whatever goes on in between. Thread-safe.
 */
public final class IdleWatch implements CommitListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);

    /** When a host or the store does not answer, it is asked again after this. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final SandboxStore store;
    private final SandboxTimes times;
    private final EventStore events;
    private final EventBell bell;
    private final HostDirectory hosts;
    private final SandboxTransitions transitions;
    private final Timers timers;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SandboxId, Watched> watched = new HashMap<>();
    private boolean closed;

    /** One sandbox: when it is looked at next, and the end of which it was warned. */
    private record Watched(Timers.Timer timer, Optional<Instant> warned) {}

    public IdleWatch(
            SandboxStore store,
            SandboxTimes times,
            EventStore events,
            EventBell bell,
            HostDirectory hosts,
            SandboxTransitions transitions,
            Timers timers,
            Clock clock) {
        this.store = store;
        this.times = times;
        this.events = events;
        this.bell = bell;
        this.hosts = hosts;
        this.transitions = transitions;
        this.timers = timers;
        this.clock = clock;
    }

    /** Takes up those that run. How long nothing used them is asked of their hosts, who know it from before. */
    public void start() {
        try {
            times.idling().forEach(sandbox -> lookAt(sandbox.id(), clock.instant(), Optional.empty()));
        } catch (ProblemException e) {
            LOG.warn("Which sandboxes may be idle cannot be read now: {}", e.getMessage());
            timers.at(clock.instant().plus(RETRY), this::start);
        }
    }

    @Override
    public void committed(Commit commit) {
        Sandbox sandbox = commit.sandbox();
        if (sandbox.spec().idle().isEmpty()) {
            return;
        }
        if (sandbox.state() == SandboxState.RUNNING) {
            IdlePolicy idle = sandbox.spec().idle().get();
            lookAt(sandbox.id(), clock.instant().plus(idle.after()).minus(idle.warning()), Optional.empty());
        } else {
            forget(sandbox.id());
        }
    }

    /** Something changed for a sandbox that its host does not know: looks again at once. */
    void reconsider(Sandbox sandbox) {
        if (sandbox.state() == SandboxState.RUNNING && sandbox.spec().idle().isPresent()) {
            lookAt(sandbox.id(), clock.instant(), warnedOf(sandbox.id()));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            watched.values().forEach(one -> one.timer().cancel());
            watched.clear();
        } finally {
            lock.unlock();
        }
    }

    /** How many sandboxes may end for want of use. */
    public int size() {
        lock.lock();
        try {
            return watched.size();
        } finally {
            lock.unlock();
        }
    }

    private void lookAt(SandboxId sandbox, Instant when, Optional<Instant> warned) {
        lock.lock();
        try {
            if (!closed) {
                Timers.Timer timer = timers.at(when, () -> look(sandbox));
                Watched before = watched.put(sandbox, new Watched(timer, warned));
                if (before != null) {
                    before.timer().cancel();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(SandboxId sandbox) {
        lock.lock();
        try {
            Watched before = watched.remove(sandbox);
            if (before != null) {
                before.timer().cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Instant> warnedOf(SandboxId sandbox) {
        lock.lock();
        try {
            return Optional.ofNullable(watched.get(sandbox)).flatMap(Watched::warned);
        } finally {
            lock.unlock();
        }
    }

    private void look(SandboxId id) {
        try {
            Optional<Sandbox> running = store.find(id).filter(sandbox -> sandbox.state() == SandboxState.RUNNING);
            if (running.isPresent() && running.get().spec().idle().isPresent()) {
                look(running.get(), running.get().spec().idle().get());
            } else {
                forget(id);
            }
        } catch (ProblemException e) {
            LOG.info("sandbox={} whether it is idle cannot be told now: {}", id, e.getMessage());
            lookAt(id, clock.instant().plus(RETRY), warnedOf(id));
        }
    }

    private void look(Sandbox sandbox, IdlePolicy idle) {
        Duration idleFor =
                hosts.client(sandbox.host().orElseThrow()).activity().idleFor(sandbox.id(), idle.processes());
        Instant now = clock.instant();
        Instant unused = now.minus(idleFor);
        for (Instant heldUntil : sandbox.holds().values()) {
            unused = heldUntil.isAfter(unused) ? heldUntil : unused;
        }
        Instant over = unused.plus(idle.after());
        Instant warning = over.minus(idle.warning());
        if (!over.isAfter(now)) {
            LOG.info("sandbox={} nothing has used it for {}", sandbox.id(), idleFor);
            forget(sandbox.id());
            var _ = transitions.applyKnowing(
                    sandbox, new SandboxEvent.StopRequested(EndReason.IDLE), OptionalLong.empty());
        } else if (!warning.isAfter(now)) {
            warn(sandbox, over);
            lookAt(sandbox.id(), over, Optional.of(over));
        } else {
            // A hold may be given up long before its time, in another process too.
            Instant soon = now.plus(idle.after());
            lookAt(sandbox.id(), warning.isBefore(soon) ? warning : soon, Optional.empty());
        }
    }

    /** Once for each time that it is idle: the end is where it was but for the time that a question takes. */
    private void warn(Sandbox sandbox, Instant over) {
        boolean warned = warnedOf(sandbox.id())
                .filter(before -> Duration.between(before, over).abs().compareTo(Duration.ofMillis(100)) < 0)
                .isPresent();
        if (!warned) {
            events.append(List.of(new NewEvent(
                    sandbox.id(),
                    EventType.SANDBOX_IDLING,
                    clock.instant(),
                    Map.of("at", over.toString()),
                    Optional.empty())));
            bell.ring(sandbox.id(), sandbox.workspace());
        }
    }
}
