package dev.atoll.manager.repeat;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jdbi.v3.core.Handle;

/** Answers in Postgres. */
public final class PostgresAnswerStore implements AnswerStore {
    private static final String CLAIM = """
            insert into keyed_answers (workspace_id, key, request_hash, created_at)
            values (:workspace, :key, :hash, :now)
            on conflict do nothing
            """;

    private static final String KNOWN =
            "select request_hash, answer from keyed_answers where workspace_id = :workspace and key = :key";

    private static final String ANSWER = """
            update keyed_answers set answer = :answer
            where workspace_id = :workspace and key = :key and request_hash = :hash
            """;

    private static final String RELEASE = """
            delete from keyed_answers
            where workspace_id = :workspace and key = :key and request_hash = :hash and answer is null
            """;

    private static final String FORGET = """
            delete from keyed_answers where (workspace_id, key) in (
                select workspace_id, key from keyed_answers where created_at < :before limit :limit)
            """;

    /** No answer is empty; one that is was forgotten. */
    private static final String FORGET_BEYOND = """
            update keyed_answers set answer = '' where workspace_id = :workspace and key in (
                select key from (
                    select key, sum(octet_length(answer)) over (order by created_at desc, key) as held
                    from keyed_answers where workspace_id = :workspace and answer <> '') as answers
                where held > :bytes)
            """;

    private final SqlSessions sessions;

    public PostgresAnswerStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Known claim(WorkspaceId workspace, KeyedRequest request, Instant now) {
        return sessions.statement(handle -> {
            int claimed = handle.createUpdate(CLAIM)
                    .bind("workspace", workspace.value())
                    .bind("key", request.key().value())
                    .bind("hash", request.hash().bytes())
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            return claimed == 1 ? new Known.Open() : known(handle, workspace, request);
        });
    }

    private static Known known(Handle handle, WorkspaceId workspace, KeyedRequest request) {
        return handle.createQuery(KNOWN)
                .bind("workspace", workspace.value())
                .bind("key", request.key().value())
                .map((row, context) -> {
                    if (!Arrays.equals(
                            row.getBytes("request_hash"), request.hash().bytes())) {
                        return new Known.Conflict();
                    }
                    byte[] answer = row.getBytes("answer");
                    if (answer == null) {
                        return new Known.Open();
                    }
                    return answer.length == 0 ? new Known.Forgotten() : new Known.Answered(answer);
                })
                .findOne()
                .orElse(new Known.Open());
    }

    @Override
    public void answer(WorkspaceId workspace, KeyedRequest request, byte[] answer) {
        sessions.statement(handle -> handle.createUpdate(ANSWER)
                .bind("workspace", workspace.value())
                .bind("key", request.key().value())
                .bind("hash", request.hash().bytes())
                .bind("answer", answer)
                .execute());
    }

    @Override
    public void release(WorkspaceId workspace, KeyedRequest request) {
        sessions.statement(handle -> handle.createUpdate(RELEASE)
                .bind("workspace", workspace.value())
                .bind("key", request.key().value())
                .bind("hash", request.hash().bytes())
                .execute());
    }

    @Override
    public int forget(Instant madeBefore, int limit) {
        return sessions.statement(handle -> handle.createUpdate(FORGET)
                .bind("before", madeBefore.atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .execute());
    }

    @Override
    public void forgetBeyond(WorkspaceId workspace, long bytes) {
        sessions.statement(handle -> handle.createUpdate(FORGET_BEYOND)
                .bind("workspace", workspace.value())
                .bind("bytes", bytes)
                .execute());
    }
}
