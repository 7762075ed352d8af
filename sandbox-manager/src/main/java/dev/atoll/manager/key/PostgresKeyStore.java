package dev.atoll.manager.key;

import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.id.KeyId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;

/** Keys and workspaces in Postgres. */
public final class PostgresKeyStore implements KeyStore {
    private static final String FIND = "select * from api_keys where secret_hash = :hash";

    private static final String INSERT = """
            insert into api_keys (id, workspace_id, label, secret_hash, created_at)
            values (:id, :workspace, :label, :hash, :now)
            """;

    /** Two first starts at once must not make two first workspaces. */
    private static final String LOCK = "lock table workspaces in share row exclusive mode";

    private static final String INSERT_WORKSPACE = """
            insert into workspaces (id, created_at) select :id, :now where not exists (select from workspaces)
            """;

    private static final String FIRST_WORKSPACE = "select id from workspaces order by created_at, id limit 1";

    private final SqlSessions sessions;

    public PostgresKeyStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Optional<StoredKey> find(String hash) {
        return sessions.statement(handle -> handle.createQuery(FIND)
                .bind("hash", HexFormat.of().parseHex(hash))
                .map((row, context) -> new StoredKey(
                        new KeyId(row.getString("id")),
                        new WorkspaceId(row.getString("workspace_id")),
                        row.getString("label"),
                        HexFormat.of().formatHex(row.getBytes("secret_hash")),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .findOne());
    }

    @Override
    public void insert(StoredKey key) {
        sessions.statement(handle -> handle.createUpdate(INSERT)
                .bind("id", key.id().value())
                .bind("workspace", key.workspace().value())
                .bind("label", key.label())
                .bind("hash", HexFormat.of().parseHex(key.hash()))
                .bind("now", key.createdAt().atOffset(ZoneOffset.UTC))
                .execute());
    }

    @Override
    public WorkspaceId firstWorkspace(WorkspaceId ifNone, Instant now) {
        return sessions.transaction(handle -> {
            handle.execute(LOCK);
            handle.createUpdate(INSERT_WORKSPACE)
                    .bind("id", ifNone.value())
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            return new WorkspaceId(
                    handle.createQuery(FIRST_WORKSPACE).mapTo(String.class).one());
        });
    }
}
