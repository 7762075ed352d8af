package dev.atoll.manager.store;

import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The log of events in memory. */
final class InMemoryEvents implements EventStore {
    private record Entry(WorkspaceId workspace, LoggedEvent event) {}

    private final Function<SandboxId, Optional<Sandbox>> sandboxes;
    private final List<Entry> log = new ArrayList<>();
    private final Set<String> once = new HashSet<>();
    private long lastPosition;

    InMemoryEvents(Function<SandboxId, Optional<Sandbox>> sandboxes) {
        this.sandboxes = sandboxes;
    }

    /** A sandbox came into its state. */
    synchronized void moved(Sandbox sandbox) {
        Instant at = sandbox.endedAt().or(sandbox::startedAt).orElse(sandbox.createdAt());
        write(sandbox, TransitionEvents.type(sandbox), at, TransitionEvents.facts(sandbox));
    }

    synchronized void write(Sandbox sandbox, EventType type, Instant at, Map<String, String> facts) {
        EventPosition position = new EventPosition(++lastPosition, 1);
        log.add(new Entry(sandbox.workspace(), new LoggedEvent(position, sandbox.id(), type, at, facts)));
    }

    @Override
    public List<LoggedEvent> ofSandbox(SandboxId sandbox, EventPosition after, int limit) {
        return after(entry -> entry.event().sandbox().equals(sandbox), after, limit);
    }

    @Override
    public List<LoggedEvent> ofWorkspace(WorkspaceId workspace, EventPosition after, int limit) {
        return after(entry -> entry.workspace().equals(workspace), after, limit);
    }

    private synchronized List<LoggedEvent> after(Predicate<Entry> of, EventPosition after, int limit) {
        return log.stream()
                .filter(of)
                .map(Entry::event)
                .filter(event -> event.position().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Map<SandboxId, WorkspaceId> append(List<NewEvent> events) {
        Map<SandboxId, WorkspaceId> written = new HashMap<>();
        for (NewEvent event : events) {
            Optional<Sandbox> sandbox = sandboxes.apply(event.sandbox());
            synchronized (this) {
                boolean fresh = event.once().isEmpty()
                        || once.add(event.sandbox() + " " + event.once().get());
                if (sandbox.isPresent() && fresh) {
                    write(sandbox.get(), event.type(), event.at(), event.facts());
                    written.put(event.sandbox(), sandbox.get().workspace());
                }
            }
        }
        return written;
    }

    @Override
    public synchronized int forget(Instant oldest, int most) {
        log.removeIf(entry -> entry.event().at().isBefore(oldest));
        Map<SandboxId, List<Entry>> bySandbox = log.stream()
                .collect(Collectors.groupingBy(entry -> entry.event().sandbox()));
        int cut = 0;
        for (List<Entry> all : bySandbox.values()) {
            if (all.size() > most + 1) {
                cutBack(all.subList(0, all.size() - most + 1));
                cut++;
            }
        }
        return cut;
    }

    private void cutBack(List<Entry> tooMany) {
        long count = tooMany.stream().mapToLong(InMemoryEvents::counted).sum();
        Entry youngest = tooMany.getLast();
        log.set(
                log.indexOf(youngest),
                new Entry(
                        youngest.workspace(),
                        new LoggedEvent(
                                youngest.event().position(),
                                youngest.event().sandbox(),
                                EventType.EVENTS_LET_GO,
                                youngest.event().at(),
                                Map.of("count", Long.toString(count)))));
        log.removeAll(tooMany.subList(0, tooMany.size() - 1));
    }

    private static long counted(Entry entry) {
        return entry.event().type() == EventType.EVENTS_LET_GO
                ? Long.parseLong(entry.event().facts().getOrDefault("count", "1"))
                : 1;
    }
}
