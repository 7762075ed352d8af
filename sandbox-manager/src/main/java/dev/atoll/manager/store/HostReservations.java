package dev.atoll.manager.store;

import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.placement.Reservation;
import dev.atoll.model.id.HostId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What live sandboxes have been promised, host by host: always summed from the sandboxes themselves, so that it cannot drift. */
final class HostReservations {
    /**
     * The lock is taken by a statement of its own: the sum must be read from a snapshot taken after the lock was got, or two creates would
     * both see the room that only one of them can have.
     */
    static final String LOCK = "select pg_advisory_xact_lock(hashtextextended(:host, 4721))";

    private static final String SUMS = """
            select host_id, sum(cpu_millis)::bigint as cpu, sum(memory_bytes)::bigint as memory, count(*) as sandboxes
            from sandboxes
            where state not in ('stopped', 'failed') and host_id = any(:hosts::text[])
            group by host_id
            """;

    private HostReservations() {}

    /** Until the end of the transaction nobody else places on this host. */
    static void lock(Handle handle, HostId host) {
        handle.createQuery(LOCK)
                .bind("host", host.value())
                .map((row, context) -> true)
                .one();
    }

    /** Asks by host, not for all: so the small index of live sandboxes is taken even where the planner knows nothing of the table yet. */
    static Map<HostId, Reservation> read(Handle handle, List<HostCandidate> candidates) {
        return handle
                .createQuery(SUMS)
                .bind(
                        "hosts",
                        candidates.stream()
                                .map(candidate -> candidate.host().value())
                                .toArray(String[]::new))
                .map((row, context) -> Map.entry(
                        new HostId(row.getString("host_id")),
                        new Reservation(row.getLong("cpu"), row.getLong("memory"), row.getLong("sandboxes"))))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
