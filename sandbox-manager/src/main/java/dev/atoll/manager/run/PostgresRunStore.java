package dev.atoll.manager.run;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.id.RunId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Runs in Postgres. */
public final class PostgresRunStore implements RunStore {
    private static final String INSERT = """
        insert into runs (id, workspace_id, sandbox_id, key, request_hash, request, created_at, claimed_until)
        values (:id, :workspace, :sandbox, :key, :hash, :request, :created, :claimed)
        on conflict do nothing
        """;

    private static final String FIND = "select * from runs where workspace_id = :workspace and id = :id";

    private static final String FIND_BY_KEY = "select * from runs where workspace_id = :workspace and key = :key";

    private static final String END = """
        update runs set outcome = :outcome, ended_at = :now, request = null,
            key = case when :freeKey then null else key end
        where id = :id and ended_at is null
        """;

    private static final String ASK_CANCEL = """
            update runs set cancel_asked_at = coalesce(cancel_asked_at, :now)
            where workspace_id = :workspace and id = :id and ended_at is null
            """;

    private static final String RENEW = """
            update runs set claimed_until = :until where id = any(:ids) and ended_at is null
            returning id, cancel_asked_at is not null as cancel_asked
            """;

    private static final String RELEASE_ALL = "update runs set claimed_until = :now where ended_at is null";

    private static final String TAKE = """
        update runs set claimed_until = :until where id in (
            select id from runs where ended_at is null and claimed_until <= :now
            order by created_at limit :limit for update skip locked)
        returning *
        """;

    private static final String FORGET =
            "delete from runs where id in (select id from runs where ended_at < :before limit :limit)";

    /** Texts from here on are written a few at a time: dozens of them would keep every connection from everybody else for seconds. */
    private static final int LARGE_CHARACTERS = 256 << 10;

    private static final int LARGE_AT_ONCE = 2;

    private final SqlSessions sessions;
    private final Semaphore large = new Semaphore(LARGE_AT_ONCE, true);

    public PostgresRunStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Optional<StoredRun> insert(StoredRun run, Instant claimedUntil) {
        return inTurn(run.request().orElse(""), () -> inserted(run, claimedUntil));
    }

    private <T> T inTurn(String text, Supplier<T> statement) {
        if (text.length() < LARGE_CHARACTERS) {
            return statement.get();
        }
        large.acquireUninterruptibly();
        try {
            return statement.get();
        } finally {
            large.release();
        }
    }

    private Optional<StoredRun> inserted(StoredRun run, Instant claimedUntil) {
        return sessions.statement(handle -> {
            String key = run.keyed().map(keyed -> keyed.key().value()).orElse(null);
            int inserted = handle.createUpdate(INSERT)
                    .bind("id", run.id().value())
                    .bind("workspace", run.workspace().value())
                    .bind("sandbox", run.sandbox().value())
                    .bind("key", key)
                    .bind("hash", run.hash().bytes())
                    .bind("request", run.request().orElse(null))
                    .bind("created", time(run.createdAt()))
                    .bind("claimed", time(claimedUntil))
                    .execute();
            return inserted == 1
                    ? Optional.empty()
                    : handle.createQuery(FIND_BY_KEY)
                            .bind("workspace", run.workspace().value())
                            .bind("key", key)
                            .map((row, context) -> read(row))
                            .findOne();
        });
    }

    @Override
    public Optional<StoredRun> find(WorkspaceId workspace, RunId id) {
        return sessions.statement(handle -> handle.createQuery(FIND)
                .bind("workspace", workspace.value())
                .bind("id", id.value())
                .map((row, context) -> read(row))
                .findOne());
    }

    @Override
    public void end(RunId id, String outcome, Instant now, boolean freeKey) {
        var _ = inTurn(
                outcome,
                () -> sessions.statement(handle -> handle.createUpdate(END)
                        .bind("id", id.value())
                        .bind("outcome", outcome)
                        .bind("now", time(now))
                        .bind("freeKey", freeKey)
                        .execute()));
    }

    @Override
    public Optional<StoredRun> askCancel(WorkspaceId workspace, RunId id, Instant now) {
        sessions.statement(handle -> handle.createUpdate(ASK_CANCEL)
                .bind("workspace", workspace.value())
                .bind("id", id.value())
                .bind("now", time(now))
                .execute());
        return find(workspace, id);
    }

    @Override
    public List<RunId> renew(Collection<RunId> ids, Instant claimedUntil) {
        return sessions.statement(handle -> handle
                .createQuery(RENEW)
                .bindArray("ids", String.class, ids.stream().map(RunId::value).toList())
                .bind("until", time(claimedUntil))
                .map((row, context) -> row.getBoolean("cancel_asked")
                        ? Optional.of(new RunId(row.getString("id")))
                        : Optional.<RunId>empty())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList());
    }

    @Override
    public void releaseAll(Instant now) {
        sessions.statement(handle ->
                handle.createUpdate(RELEASE_ALL).bind("now", time(now)).execute());
    }

    @Override
    public List<StoredRun> take(Instant now, Instant claimedUntil, int limit) {
        return sessions.statement(handle -> handle.createQuery(TAKE)
                .bind("now", time(now))
                .bind("until", time(claimedUntil))
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list());
    }

    @Override
    public int forgetEnded(Instant endedBefore, int limit) {
        return sessions.statement(handle -> handle.createUpdate(FORGET)
                .bind("before", time(endedBefore))
                .bind("limit", limit)
                .execute());
    }

    private static StoredRun read(ResultSet row) throws SQLException {
        RequestHash hash = new RequestHash(HexFormat.of().formatHex(row.getBytes("request_hash")));
        return new StoredRun(
                new RunId(row.getString("id")),
                new WorkspaceId(row.getString("workspace_id")),
                new SandboxId(row.getString("sandbox_id")),
                Optional.ofNullable(row.getString("key")).map(key -> new KeyedRequest(new IdempotencyKey(key), hash)),
                hash,
                Optional.ofNullable(row.getString("request")),
                Optional.ofNullable(row.getString("outcome")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getObject("cancel_asked_at") != null);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
