package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The times of sandboxes in Postgres. Each change is one statement, its event included. */
public final class PostgresSandboxTimes implements SandboxTimes {
    private static final String LIVE = "state in ('requested', 'preparing', 'running')";

    private static final String NOT_OVER = """
            (select coalesce(jsonb_object_agg(held.name, held.until), '{}')
             from jsonb_each_text(holds) as held (name, until) where held.until::timestamptz > :now::timestamptz)
            """;

    private static final String EXTEND = """
            with before as (
                select id, expires_at from sandboxes where id = :id and %s and expires_at > :now for update
            ), moved as (
                update sandboxes as s set expires_at = greatest(s.expires_at, :until)
                from before where s.id = before.id
                returning s.*
            ), told as (
                insert into sandbox_events (sandbox_id, workspace_id, type, at, facts)
                select moved.id, moved.workspace_id, 'sandbox.extended', :now, jsonb_build_object('until', :written::text)
                from moved join before on moved.id = before.id where moved.expires_at > before.expires_at
            )
            select * from moved
            """.formatted(LIVE);

    private static final String HOLD = """
            with moved as (
                update sandboxes set holds = %s || jsonb_build_object(:name::text, :written::text)
                where id = :id and %s
                returning *
            ), told as (
                insert into sandbox_events (sandbox_id, workspace_id, type, at, facts)
                select id, workspace_id, 'hold.set', :now, jsonb_build_object('name', :name::text, 'until', :written::text) from moved
            )
            select * from moved
            """.formatted(NOT_OVER, LIVE);

    private static final String RELEASE = """
            with before as (
                select id, holds ->> :name::text as until from sandboxes where id = :id and %s for update
            ), moved as (
                update sandboxes as s set holds = %s - :name::text
                from before where s.id = before.id
                returning s.*
            ), told as (
                insert into sandbox_events (sandbox_id, workspace_id, type, at, facts)
                select moved.id, workspace_id, 'hold.released', :now, jsonb_build_object('name', :name::text)
                from moved join before on moved.id = before.id where before.until::timestamptz > :now::timestamptz
            )
            select * from moved
            """.formatted(LIVE, NOT_OVER);

    private static final String WARN = """
            with due as (
                select id from sandboxes
                where %s and expires_at > :now and expires_at <= :now::timestamptz + interval '60 seconds'
                  and expires_at - least(60000, ttl_ms / 10) * interval '1 millisecond' <= :now
                  and warned_for is distinct from expires_at
                limit :limit
            ), moved as (
                update sandboxes set warned_for = expires_at where id in (select id from due)
                returning *
            ), told as (
                insert into sandbox_events (sandbox_id, workspace_id, type, at, facts)
                select id, workspace_id, 'sandbox.expiring', :now,
                    jsonb_build_object('at', to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                from moved
            )
            select * from moved
            """.formatted(LIVE);

    private static final String IDLING = "select * from sandboxes where state = 'running' and idle_ms is not null";

    private final SqlSessions sessions;

    public PostgresSandboxTimes(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Optional<Sandbox> extend(SandboxId sandbox, Instant until, Instant now) {
        return sessions.statement(handle -> handle.createQuery(EXTEND)
                .bind("id", sandbox.value())
                .bind("until", time(until))
                .bind("written", until.toString())
                .bind("now", time(now))
                .map((row, context) -> SandboxRows.read(row))
                .findOne());
    }

    @Override
    public Optional<Sandbox> hold(SandboxId sandbox, String name, Instant until, Instant now) {
        return sessions.statement(handle -> handle.createQuery(HOLD)
                .bind("id", sandbox.value())
                .bind("name", name)
                .bind("written", until.toString())
                .bind("now", time(now))
                .map((row, context) -> SandboxRows.read(row))
                .findOne());
    }

    @Override
    public Optional<Sandbox> release(SandboxId sandbox, String name, Instant now) {
        return sessions.statement(handle -> handle.createQuery(RELEASE)
                .bind("id", sandbox.value())
                .bind("name", name)
                .bind("now", time(now))
                .map((row, context) -> SandboxRows.read(row))
                .findOne());
    }

    @Override
    public List<Sandbox> warnExpiring(Instant now, int limit) {
        return sessions.statement(handle -> handle.createQuery(WARN)
                .bind("now", time(now))
                .bind("limit", limit)
                .map((row, context) -> SandboxRows.read(row))
                .list());
    }

    @Override
    public List<Sandbox> idling() {
        return sessions.statement(handle -> handle.createQuery(IDLING)
                .map((row, context) -> SandboxRows.read(row))
                .list());
    }
}
