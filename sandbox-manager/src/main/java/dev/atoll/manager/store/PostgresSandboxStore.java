package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import dev.atoll.manager.placement.Placement;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** Sandboxes in Postgres. Every transition is one statement that commits by itself. */
public final class PostgresSandboxStore implements SandboxStore {
    private static final String FIND = "select * from sandboxes where id = :id";

    private static final String LIST = """
            select * from sandboxes
            where workspace_id = :workspace
              and (:state::text is null or state = :state)
              and labels @> :labels::jsonb
              and (:id::text is null or (created_at, id) < (:created::timestamptz, :id))
            order by created_at desc, id desc
            limit :limit
            """;

    private static final String LIVE_ON = """
            select * from sandboxes where host_id = :host and state not in ('stopped', 'failed')
            """;

    private static final String NEXT_EXPIRY = """
            select min(case when warned_for = expires_at then expires_at
                else expires_at - least(60000, ttl_ms / 10) * interval '1 millisecond' end) as next
            from sandboxes where state in ('requested', 'preparing', 'running')
            """;

    private static final String EXPIRED = """
            select * from sandboxes
            where state in ('requested', 'preparing', 'running') and expires_at <= :now
            order by expires_at
            limit :limit
            """;

    /**
     * One statement for all that a transition changes: it commits whole, in one round trip, or finds another generation and changes
     * nothing.
     */
    private static final String COMMIT = """
            with moved as (
                update sandboxes
                set state = :state, generation = :generation, reason = :reason, detail = :detail, host_id = :host,
                    image_id = :imageId, start_kind = :start, started_at = :started::timestamptz, ended_at = :ended::timestamptz
                where id = :id and generation = :generation - 1
                returning id, workspace_id
            ), told as (
                """ + TransitionEvents.TOLD + """
            moved
            ), done as (
                delete from outbox where seq = :completes::bigint and exists (select from moved)
            ), queued as (
                insert into outbox (sandbox_id, generation, kind, host_id, not_before)
                select moved.id, :generation, effect.kind, effect.host, :notBefore
                from moved, unnest(:kinds::text[], :hosts::text[]) with ordinality as effect (kind, host, place)
                order by effect.place
                returning seq
            )
            select (select count(*) from moved) as moved, array(select seq from queued order by seq) as seqs,
                set_config('synchronous_commit',
                    case when :comesAgain then 'off' else current_setting('synchronous_commit') end, true) as flush
            """;

    private static final String PURGE = """
            with old as (
                select id from sandboxes where state in ('stopped', 'failed') and ended_at < :before limit :limit
            ), keys as (
                delete from idempotency where sandbox_id in (select id from old)
            ), events as (
                delete from sandbox_events where sandbox_id in (select id from old)
            )
            delete from sandboxes where id in (select id from old)
            """;

    private final SqlSessions sessions;
    private final PostgresInsertion insertion;

    public PostgresSandboxStore(SqlSessions sessions) {
        this.sessions = sessions;
        this.insertion = new PostgresInsertion(sessions);
    }

    @Override
    public Insertion insert(NewSandbox sandbox, Placement placement) {
        return insertion.insert(sandbox, placement);
    }

    @Override
    public Optional<List<PendingEffect>> commit(Change change) {
        return sessions.statement(handle -> {
            Query query = TransitionEvents.bind(
                            SandboxRows.bindMoving(handle.createQuery(COMMIT), change.next()), change.next())
                    .bind("comesAgain", change.comesAgain())
                    .bind("notBefore", time(change.effectsNotBefore()))
                    .bind("kinds", EffectRows.kinds(change.effects()))
                    .bind("hosts", EffectRows.hosts(change.effects()));
            change.completes()
                    .ifPresentOrElse(seq -> query.bind("completes", seq), () -> query.bind("completes", (Long) null));
            return query.map((row, context) -> row.getLong("moved") == 0
                            ? Optional.<List<PendingEffect>>empty()
                            : Optional.of(EffectRows.queued(change.next(), change.effects(), row.getArray("seqs"))))
                    .one();
        });
    }

    @Override
    public Optional<Sandbox> find(SandboxId id) {
        return sessions.statement(handle -> handle.createQuery(FIND)
                .bind("id", id.value())
                .map((row, context) -> SandboxRows.read(row))
                .findOne());
    }

    @Override
    public SandboxPage list(WorkspaceId workspace, SandboxFilter filter, PageRequest page) {
        Optional<PageCursor> after = page.cursor().map(PageCursor::read);
        List<Sandbox> oneMore = sessions.statement(handle -> handle.createQuery(LIST)
                .bind("workspace", workspace.value())
                .bind("state", filter.state().map(SandboxRows::word).orElse(null))
                .bind("labels", SandboxRows.json(filter.labels()))
                .bind("created", after.map(cursor -> time(cursor.createdAt())).orElse(null))
                .bind("id", after.map(cursor -> cursor.id().value()).orElse(null))
                .bind("limit", page.limit() + 1)
                .map((row, context) -> SandboxRows.read(row))
                .list());
        return SandboxPages.cut(oneMore, page.limit());
    }

    @Override
    public List<Sandbox> liveOn(HostId host) {
        return sessions.statement(handle -> handle.createQuery(LIVE_ON)
                .bind("host", host.value())
                .map((row, context) -> SandboxRows.read(row))
                .list());
    }

    @Override
    public Optional<Instant> nextExpiry() {
        return sessions.statement(handle -> handle.createQuery(NEXT_EXPIRY)
                .map((row, context) -> SandboxRows.instant(row, "next"))
                .one());
    }

    @Override
    public List<Sandbox> expired(Instant now, int limit) {
        return sessions.statement(handle -> handle.createQuery(EXPIRED)
                .bind("now", time(now))
                .bind("limit", limit)
                .map((row, context) -> SandboxRows.read(row))
                .list());
    }

    @Override
    public int forgetEnded(Instant endedBefore, int limit) {
        return sessions.statement(handle -> handle.createUpdate(PURGE)
                .bind("before", time(endedBefore))
                .bind("limit", limit)
                .execute());
    }
}
