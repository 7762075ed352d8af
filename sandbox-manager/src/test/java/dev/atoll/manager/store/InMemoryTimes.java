package dev.atoll.manager.store;

import dev.atoll.model.event.EventType;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The times of sandboxes in memory. Its monitor is that of the sandboxes. */
final class InMemoryTimes implements SandboxTimes {
    private final Map<SandboxId, Sandbox> sandboxes;
    private final InMemoryEvents events;
    private final Map<SandboxId, Instant> warnedFor = new HashMap<>();
    private final Object monitor;

    InMemoryTimes(Map<SandboxId, Sandbox> sandboxes, InMemoryEvents events, Object monitor) {
        this.sandboxes = sandboxes;
        this.events = events;
        this.monitor = monitor;
    }

    @Override
    public Optional<Sandbox> extend(SandboxId id, Instant until, Instant now) {
        synchronized (monitor) {
            Optional<Sandbox> live = live(id).filter(found -> found.expiresAt().isAfter(now));
            if (live.isEmpty() || !live.get().expiresAt().isBefore(until)) {
                return live;
            }
            Sandbox extended = changed(live.get(), until, live.get().holds());
            sandboxes.put(id, extended);
            events.write(extended, EventType.SANDBOX_EXTENDED, now, Map.of("until", until.toString()));
            return Optional.of(extended);
        }
    }

    @Override
    public Optional<Sandbox> hold(SandboxId id, String name, Instant until, Instant now) {
        synchronized (monitor) {
            return live(id).map(found -> {
                Map<String, Instant> holds = new TreeMap<>(found.holdsAt(now));
                holds.put(name, until);
                Sandbox held = changed(found, found.expiresAt(), holds);
                sandboxes.put(id, held);
                events.write(held, EventType.HOLD_SET, now, Map.of("name", name, "until", until.toString()));
                return held;
            });
        }
    }

    @Override
    public Optional<Sandbox> release(SandboxId id, String name, Instant now) {
        synchronized (monitor) {
            return live(id).map(found -> {
                Map<String, Instant> holds = new TreeMap<>(found.holdsAt(now));
                boolean was = holds.remove(name) != null;
                Sandbox free = changed(found, found.expiresAt(), holds);
                sandboxes.put(id, free);
                if (was) {
                    events.write(free, EventType.HOLD_RELEASED, now, Map.of("name", name));
                }
                return free;
            });
        }
    }

    @Override
    public List<Sandbox> warnExpiring(Instant now, int limit) {
        synchronized (monitor) {
            List<Sandbox> warned = new ArrayList<>();
            for (Sandbox sandbox : List.copyOf(sandboxes.values())) {
                boolean due = warned.size() < limit
                        && live(sandbox.id()).isPresent()
                        && sandbox.expiresAt().isAfter(now)
                        && !warningAt(sandbox).isAfter(now)
                        && !isWarned(sandbox);
                if (due) {
                    warnedFor.put(sandbox.id(), sandbox.expiresAt());
                    events.write(
                            sandbox,
                            EventType.SANDBOX_EXPIRING,
                            now,
                            Map.of("at", sandbox.expiresAt().toString()));
                    warned.add(sandbox);
                }
            }
            return warned;
        }
    }

    /** When something is to be done about its expiry. */
    Instant nextLook(Sandbox sandbox) {
        return isWarned(sandbox) ? sandbox.expiresAt() : warningAt(sandbox);
    }

    private boolean isWarned(Sandbox sandbox) {
        return sandbox.expiresAt().equals(warnedFor.get(sandbox.id()));
    }

    private static Instant warningAt(Sandbox sandbox) {
        return sandbox.expiryWarnedAt();
    }

    @Override
    public List<Sandbox> idling() {
        synchronized (monitor) {
            return sandboxes.values().stream()
                    .filter(sandbox -> sandbox.state() == SandboxState.RUNNING)
                    .filter(sandbox -> sandbox.spec().idle().isPresent())
                    .toList();
        }
    }

    /** A transition was decided on an older copy: what it does not change stays as it is. */
    static Sandbox keptTimes(Sandbox next, Sandbox current) {
        return changed(next, current.expiresAt(), current.holds());
    }

    private Optional<Sandbox> live(SandboxId id) {
        return Optional.ofNullable(sandboxes.get(id))
                .filter(found -> !found.state().isTerminal() && found.state() != SandboxState.STOPPING);
    }

    private static Sandbox changed(Sandbox from, Instant expiresAt, Map<String, Instant> holds) {
        return new Sandbox(
                from.id(),
                from.workspace(),
                from.spec(),
                from.state(),
                from.generation(),
                from.reason(),
                from.detail(),
                from.host(),
                from.imageId(),
                from.start(),
                from.createdAt(),
                from.startedAt(),
                from.endedAt(),
                expiresAt,
                holds);
    }
}
