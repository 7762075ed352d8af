package dev.atoll.manager.host;

import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The hosts this process knows, and which of them are connected. Thread-safe. */
public final class HostDirectory {
    private record Entry(HostClient client, HostDescription description, boolean connected) {}

    private final Map<HostId, Entry> entries = new ConcurrentHashMap<>();

    /** The host has described itself and can be given work. */
    public void connected(HostClient client, HostDescription description) {
        entries.put(description.id(), new Entry(client, description, true));
    }

    /** The host does not answer now: it gets no new sandboxes. Calls about those it has still go to it. */
    public void disconnected(HostId host) {
        entries.computeIfPresent(host, (id, entry) -> new Entry(entry.client(), entry.description(), false));
    }

    /** The client of a host; throws {@code host_unavailable} when this host has never been connected to this process. */
    public HostClient client(HostId host) {
        return Optional.ofNullable(entries.get(host))
                .map(Entry::client)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.HOST_UNAVAILABLE, "The host is not connected.", "Ask again in a moment.")
                        .asException());
    }

    /** Where new sandboxes may go. */
    public List<HostCandidate> candidates() {
        return connectedEntries()
                .map(entry -> new HostCandidate(
                        entry.description().id(), entry.description().capacity()))
                .toList();
    }

    /** Every connected host's client, by id. */
    public List<HostClient> clients() {
        return connectedEntries().map(Entry::client).toList();
    }

    /** Every connected host as it described itself, by id. */
    public List<HostDescription> descriptions() {
        return connectedEntries().map(Entry::description).toList();
    }

    private Stream<Entry> connectedEntries() {
        return entries.values().stream()
                .filter(Entry::connected)
                .sorted(Comparator.comparing(entry -> entry.description().id().value()));
    }
}
