package dev.atoll.manager.session;

import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.SessionId;
import dev.atoll.model.session.SessionShell;
import dev.atoll.model.session.SessionSpec;
import dev.atoll.model.session.ShellSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Shell sessions in Postgres. */
public final class PostgresSessionStore implements SessionStore {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private static final String INSERT = """
            insert into shell_sessions (id, sandbox_id, name, wanted_cwd, env, run_as, wanted, shell, cwd, created_at)
            values (:id, :sandbox, :name, :wantedCwd, :env::jsonb, :user, :wanted, :shell, :cwd, :now)
            on conflict do nothing
            """;

    private static final String FIND = "select * from shell_sessions where id = :id";

    private static final String OF = "select * from shell_sessions where sandbox_id = :sandbox order by created_at, id";

    /** A claim that is lost with the machine's power is of a command that is lost as well, so nobody waits for the disk. */
    private static final String CLAIM = """
            with claimed as (
                update shell_sessions set exec_id = :next, claimed_at = :now
                where id = :id and exec_id is not distinct from :last::text
                returning id
            )
            select (select count(*) from claimed) as claimed, set_config('synchronous_commit', 'off', true) as flush
            """;

    private static final String RELEASE = """
            update shell_sessions set exec_id = null, claimed_at = null where id = :id and exec_id = :claimed
            """;

    private static final String DELETE = "delete from shell_sessions where id = :id";

    private final SqlSessions sessions;

    public PostgresSessionStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public boolean insert(ShellSession session) {
        SessionSpec spec = session.spec();
        return sessions.statement(handle -> handle.createUpdate(INSERT)
                        .bind("id", session.id().value())
                        .bind("sandbox", session.sandbox().value())
                        .bind("name", spec.name().orElse(null))
                        .bind("wantedCwd", spec.cwd().orElse(null))
                        .bind("env", JSON.writeValueAsString(spec.env()))
                        .bind("user", spec.user().orElse(null))
                        .bind("wanted", spec.shell().map(SessionShell::word).orElse(null))
                        .bind("shell", session.shell().word())
                        .bind("cwd", session.cwd())
                        .bind("now", session.createdAt().atOffset(ZoneOffset.UTC))
                        .execute())
                == 1;
    }

    @Override
    public Optional<ShellSession> find(SessionId id) {
        return sessions.statement(handle -> handle.createQuery(FIND)
                .bind("id", id.value())
                .map((row, context) -> read(row))
                .findOne());
    }

    @Override
    public List<ShellSession> of(SandboxId sandbox) {
        return sessions.statement(handle -> handle.createQuery(OF)
                .bind("sandbox", sandbox.value())
                .map((row, context) -> read(row))
                .list());
    }

    @Override
    public boolean claim(SessionId id, Optional<ExecId> last, ExecId next, Instant now) {
        return sessions.statement(handle -> handle.createQuery(CLAIM)
                .bind("id", id.value())
                .bind("last", last.map(ExecId::value).orElse(null))
                .bind("next", next.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .map((row, context) -> row.getLong("claimed") == 1)
                .one());
    }

    @Override
    public void release(SessionId id, ExecId claimed) {
        sessions.statement(handle -> handle.createUpdate(RELEASE)
                .bind("id", id.value())
                .bind("claimed", claimed.value())
                .execute());
    }

    @Override
    public boolean delete(SessionId id) {
        return sessions.statement(handle ->
                        handle.createUpdate(DELETE).bind("id", id.value()).execute())
                == 1;
    }

    private static ShellSession read(ResultSet row) throws SQLException {
        return new ShellSession(
                new SessionId(row.getString("id")),
                new SandboxId(row.getString("sandbox_id")),
                new SessionSpec(
                        Optional.ofNullable(row.getString("name")),
                        Optional.ofNullable(row.getString("wanted_cwd")),
                        JSON.readValue(row.getString("env"), TEXTS),
                        Optional.ofNullable(row.getString("run_as")),
                        Optional.ofNullable(row.getString("wanted")).map(PostgresSessionStore::shell)),
                shell(row.getString("shell")),
                row.getString("cwd"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getString("exec_id")).map(ExecId::new),
                Optional.ofNullable(row.getObject("claimed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static SessionShell shell(String word) {
        return SessionShell.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
