package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Arrays;
import org.jdbi.v3.core.Handle;

/** Idempotency keys in Postgres. */
public final class PostgresKeyedRequests implements KeyedRequests {
    private static final String CLAIM = """
            insert into idempotency (workspace_id, key, request_hash, created_at, finished)
            values (:workspace, :key, :hash, :now, false)
            on conflict do nothing
            """;

    private static final String USED =
            "select request_hash, finished from idempotency where workspace_id = :workspace and key = :key";

    private static final String FINISH = """
            update idempotency set finished = true
            where workspace_id = :workspace and key = :key and request_hash = :hash and sandbox_id is null
            """;

    private static final String RELEASE = """
            delete from idempotency
            where workspace_id = :workspace and key = :key and request_hash = :hash and sandbox_id is null
            """;

    private static final String PURGE = """
            delete from idempotency where (workspace_id, key) in (
                select workspace_id, key from idempotency where created_at < :before limit :limit)
            """;

    private final SqlSessions sessions;

    public PostgresKeyedRequests(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Claim claim(WorkspaceId workspace, KeyedRequest request, Instant now) {
        return sessions.statement(handle -> {
            int claimed = handle.createUpdate(CLAIM)
                    .bind("workspace", workspace.value())
                    .bind("key", request.key().value())
                    .bind("hash", request.hash().bytes())
                    .bind("now", time(now))
                    .execute();
            return claimed == 1 ? Claim.FIRST : used(handle, workspace, request);
        });
    }

    private static Claim used(Handle handle, WorkspaceId workspace, KeyedRequest request) {
        return handle.createQuery(USED)
                .bind("workspace", workspace.value())
                .bind("key", request.key().value())
                .map((row, context) -> {
                    if (!Arrays.equals(
                            row.getBytes("request_hash"), request.hash().bytes())) {
                        return Claim.CONFLICT;
                    }
                    return row.getBoolean("finished") ? Claim.REPEATED : Claim.UNFINISHED;
                })
                .findOne()
                .orElse(Claim.CONFLICT);
    }

    @Override
    public void finish(WorkspaceId workspace, KeyedRequest request) {
        change(FINISH, workspace, request);
    }

    @Override
    public void release(WorkspaceId workspace, KeyedRequest request) {
        change(RELEASE, workspace, request);
    }

    private void change(String statement, WorkspaceId workspace, KeyedRequest request) {
        sessions.statement(handle -> handle.createUpdate(statement)
                .bind("workspace", workspace.value())
                .bind("key", request.key().value())
                .bind("hash", request.hash().bytes())
                .execute());
    }

    @Override
    public int forgetUsed(Instant usedBefore, int limit) {
        return sessions.statement(handle -> handle.createUpdate(PURGE)
                .bind("before", time(usedBefore))
                .bind("limit", limit)
                .execute());
    }
}
