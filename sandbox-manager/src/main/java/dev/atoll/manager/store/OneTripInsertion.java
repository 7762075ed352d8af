package dev.atoll.manager.store;

import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.placement.PromiseLimit;
import dev.atoll.manager.store.Insertion.Inserted;
import dev.atoll.model.sandbox.Decision.Advance;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Inserts a sandbox on one host in a single round trip, where nothing stands against it: the driver sends {@code begin}, the lock, the
 * insert and {@code commit} together. The lock is a statement of its own, so that the insert reads the sums from a snapshot taken after the
 * lock was got.
 *
 * <p>Without {@code begin} and {@code commit} the statements would be one transaction only as long as the driver puts no Sync between them,
 * and it does before one whose answer may be of any size: the lock would be gone before the insert. As it is, that costs time only.
 */
final class OneTripInsertion {
    private static final String ROOM_AND_KEY = """
            room as (
                select true as fits
                from (
                    select coalesce(sum(cpu_millis), 0)::bigint as cpu,
                        coalesce(sum(memory_bytes), 0)::bigint + count(*) * :overhead as memory
                    from sandboxes
                    where state not in ('stopped', 'failed') and host_id = :host
                ) as promised
                where promised.cpu <= :cpuLimit and promised.memory <= :memoryLimit
            ), claimed as (
                insert into idempotency (workspace_id, key, request_hash, sandbox_id, created_at)
                select :workspace, :key, :hash::bytea, :id, :created::timestamptz
                from room
                where :key::text is not null
                on conflict do nothing
                returning key
            )
            """;

    private static final String LOCK_INSERT_COMMIT = HostReservations.LOCK + ";\n"
            + SandboxInsert.fromRowOf(
                    ROOM_AND_KEY, "from room where :key::text is null or exists (select from claimed)")
            + ";\ncommit";

    private OneTripInsertion() {}

    /**
     * Inserts the sandbox on the host if that has room within {@code limit} and the key, if any, was never used. Answers empty, having left
     * nothing, when it has not or was; fails, having left nothing, when a live sandbox has the name. {@code handle} is in a transaction
     * that has changed nothing yet, which this ends.
     */
    static Optional<Inserted> insert(Handle handle, NewSandbox wanted, HostCandidate candidate, PromiseLimit limit) {
        List<Advance> steps = wanted.beginningOn(candidate.host());
        Query query = SandboxInsert.bind(handle.createQuery(LOCK_INSERT_COMMIT), steps, wanted.effectsNotBefore())
                .bind("cpuLimit", limit.cpuMillis())
                .bind("memoryLimit", limit.memoryBytes())
                .bind("overhead", limit.overheadBytes())
                .bind("key", wanted.keyed().map(keyed -> keyed.key().value()).orElse(null))
                .bind("hash", wanted.keyed().map(keyed -> keyed.hash().bytes()).orElse(null));
        return query.execute((statement, context) -> read(statement, context, steps.getLast()));
    }

    private static Optional<Inserted> read(
            Supplier<PreparedStatement> statement, StatementContext context, Advance last) throws SQLException {
        try (context) {
            PreparedStatement done = statement.get();
            // The first result is that of the lock.
            if (!done.getMoreResults()) {
                throw new IllegalStateException("the insert gave no result");
            }
            try (ResultSet rows = done.getResultSet()) {
                return SandboxInsert.read(rows, last);
            }
        }
    }
}
