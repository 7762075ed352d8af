package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The log of events in Postgres. */
public final class PostgresEventStore implements EventStore {
    /** Rows that one statement lets go of for their age; what is left goes the next time. */
    private static final int OLD_ROWS = 20_000;

    /** Sandboxes that are cut back in one go. */
    private static final int CUT_SANDBOXES = 200;

    private static final String AFTER = """
            select xid::text as xid, seq, sandbox_id, type, at, facts from sandbox_events
            where %s = :of and (xid, seq) > (:xid::text::xid8, :seq)
              and xid < pg_snapshot_xmin(pg_current_snapshot())
            order by xid, seq
            limit :limit
            """;

    private static final String OF_SANDBOX = AFTER.formatted("sandbox_id");
    private static final String OF_WORKSPACE = AFTER.formatted("workspace_id");

    private static final String APPEND = """
            insert into sandbox_events (sandbox_id, workspace_id, type, at, facts, once)
            select told.sandbox, s.workspace_id, told.type, told.at, told.facts::jsonb, told.once
            from unnest(:sandboxes::text[], :types::text[], :ats::timestamptz[], :facts::text[], :onces::text[])
                with ordinality as told (sandbox, type, at, facts, once, place)
            join sandboxes s on s.id = told.sandbox
            order by told.place
            on conflict do nothing
            returning sandbox_id, workspace_id
            """;

    private static final String FORGET_OLD = """
            delete from sandbox_events where ctid = any(array(select ctid from sandbox_events where at < :oldest limit :rows))
            """;

    private static final String TOO_MANY = """
            select sandbox_id from sandbox_events group by sandbox_id having count(*) > :most + 1 limit :sandboxes
            """;

    /** The youngest of those that go stays in its place and says how many there were. */
    private static final String CUT_BACK = """
            with ranked as (
                select xid, seq, row_number() over (order by xid desc, seq desc) as place
                from sandbox_events where sandbox_id = :sandbox
            ), edge as (
                select xid, seq from ranked where place = :most
            ), gone as (
                delete from sandbox_events as e using edge
                where e.sandbox_id = :sandbox and (e.xid, e.seq) < (edge.xid, edge.seq)
                returning case when e.type = :letGo then (e.facts ->> 'count')::bigint else 1 end as counted
            )
            update sandbox_events as e
            set type = :letGo, once = null, facts = jsonb_build_object('count', (1 + (select sum(counted) from gone))::text)
            from edge
            where e.sandbox_id = :sandbox and (e.xid, e.seq) = (edge.xid, edge.seq) and exists (select from gone)
            """;

    private final SqlSessions sessions;

    public PostgresEventStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public List<LoggedEvent> ofSandbox(SandboxId sandbox, EventPosition after, int limit) {
        return after(OF_SANDBOX, sandbox.value(), after, limit);
    }

    @Override
    public List<LoggedEvent> ofWorkspace(WorkspaceId workspace, EventPosition after, int limit) {
        return after(OF_WORKSPACE, workspace.value(), after, limit);
    }

    private List<LoggedEvent> after(String sql, String of, EventPosition after, int limit) {
        return sessions.statement(handle -> handle.createQuery(sql)
                .bind("of", of)
                .bind("xid", Long.toString(after.transaction()))
                .bind("seq", after.sequence())
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list());
    }

    @Override
    public Map<SandboxId, WorkspaceId> append(List<NewEvent> events) {
        if (events.isEmpty()) {
            return Map.of();
        }
        return sessions.statement(handle -> {
            Query query = handle.createQuery(APPEND)
                    .bind("sandboxes", texts(events, event -> event.sandbox().value()))
                    .bind("types", texts(events, event -> event.type().word()))
                    .bind("ats", texts(events, event -> event.at().toString()))
                    .bind("facts", texts(events, event -> SandboxRows.json(event.facts())))
                    .bind("onces", texts(events, event -> event.once().orElse(null)));
            Map<SandboxId, WorkspaceId> written = new HashMap<>();
            query.map((row, context) -> Map.entry(
                            new SandboxId(row.getString("sandbox_id")), new WorkspaceId(row.getString("workspace_id"))))
                    .forEach(entry -> written.put(entry.getKey(), entry.getValue()));
            return written;
        });
    }

    @Override
    public int forget(Instant oldest, int most) {
        return sessions.statement(handle -> {
            handle.createUpdate(FORGET_OLD)
                    .bind("oldest", time(oldest))
                    .bind("rows", OLD_ROWS)
                    .execute();
            List<String> tooMany = handle.createQuery(TOO_MANY)
                    .bind("most", most)
                    .bind("sandboxes", CUT_SANDBOXES)
                    .mapTo(String.class)
                    .list();
            tooMany.forEach(sandbox -> cutBack(handle, sandbox, most));
            return tooMany.size();
        });
    }

    private static void cutBack(Handle handle, String sandbox, int most) {
        handle.createUpdate(CUT_BACK)
                .bind("sandbox", sandbox)
                .bind("most", most)
                .bind("letGo", EventType.EVENTS_LET_GO.word())
                .execute();
    }

    /** An event of a type that only a newer version knows was written by it: it is shown as nothing but a place in the log. */
    private static LoggedEvent read(ResultSet row) throws SQLException {
        return new LoggedEvent(
                new EventPosition(Long.parseLong(row.getString("xid")), row.getLong("seq")),
                new SandboxId(row.getString("sandbox_id")),
                EventType.ofWord(row.getString("type")).orElse(EventType.EVENTS_LET_GO),
                SandboxRows.instant(row, "at").orElseThrow(),
                SandboxRows.texts(row, "facts"));
    }

    private static @Nullable String[] texts(List<NewEvent> events, Function<NewEvent, @Nullable String> of) {
        return events.stream().map(of).toArray(String[]::new);
    }
}
