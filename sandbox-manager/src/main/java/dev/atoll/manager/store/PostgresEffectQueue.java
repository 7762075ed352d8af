package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The outbox in Postgres. */
public final class PostgresEffectQueue implements EffectQueue {
    private static final String CLAIM = """
            update outbox set not_before = :lease
            where seq in (select seq from outbox where not_before <= :now order by seq limit :limit for update skip locked)
            returning *
            """;

    private static final String RENEW = "update outbox set not_before = :lease where seq = any(:seqs::bigint[])";

    private static final String DROP = "delete from outbox where seq = :seq";

    private static final String RELEASE_ALL = "update outbox set not_before = :now where not_before > :now";

    private static final String REISSUE = """
            insert into outbox (sandbox_id, generation, kind, host_id, not_before)
            select s.id, s.generation, case s.state when 'preparing' then 'prepare' else 'stop' end, s.host_id, :now
            from sandboxes s
            where s.state in ('preparing', 'stopping')
              and s.host_id is not null
              and not exists (select from outbox o where o.sandbox_id = s.id and o.generation = s.generation)
            """;

    private final SqlSessions sessions;

    public PostgresEffectQueue(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public List<PendingEffect> claim(Instant now, Instant leaseUntil, int limit) {
        return sessions.statement(handle -> handle
                .createQuery(CLAIM)
                .bind("now", time(now))
                .bind("lease", time(leaseUntil))
                .bind("limit", limit)
                .map((row, context) -> EffectRows.read(row))
                .stream()
                .sorted(Comparator.comparingLong(PendingEffect::seq))
                .toList());
    }

    @Override
    public void renew(Collection<Long> seqs, Instant leaseUntil) {
        if (!seqs.isEmpty()) {
            sessions.statement(handle -> handle.createUpdate(RENEW)
                    .bind("lease", time(leaseUntil))
                    .bind("seqs", seqs.toArray(Long[]::new))
                    .execute());
        }
    }

    @Override
    public void drop(long seq) {
        sessions.statement(handle -> handle.createUpdate(DROP).bind("seq", seq).execute());
    }

    @Override
    public void releaseAll(Instant now) {
        sessions.statement(handle ->
                handle.createUpdate(RELEASE_ALL).bind("now", time(now)).execute());
    }

    @Override
    public int reissueMissing(Instant now) {
        return sessions.statement(
                handle -> handle.createUpdate(REISSUE).bind("now", time(now)).execute());
    }
}
