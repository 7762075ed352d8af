package dev.atoll.manager.context;

import dev.atoll.manager.store.SqlSessions;
import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.ContextSpec;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Code contexts in Postgres. */
public final class PostgresContextStore implements ContextStore {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<String>> LIST = new TypeReference<>() {};

    private static final String INSERT = """
            insert into code_contexts (id, sandbox_id, language, cwd, env, run_as, argv, created_at, kernel_id, restarts)
            values (:id, :sandbox, :language, :cwd, :env::jsonb, :user, :argv::jsonb, :now, :kernel, :restarts)
            on conflict do nothing
            """;

    private static final String FIND = "select * from code_contexts where id = :id";

    private static final String OF = "select * from code_contexts where sandbox_id = :sandbox order by created_at, id";

    private static final String RESTART = """
            update code_contexts set kernel_id = :next, restarts = restarts + 1 where id = :id and kernel_id = :last
            """;

    private static final String DELETE = "delete from code_contexts where id = :id";

    /** A claim that is lost with the machine's power is of a run that is lost as well, so nobody waits for the disk. */
    private static final String BEGIN = """
            with claimed as (
                update code_contexts set run_id = :id
                where id = :context and run_id is not distinct from :last::text and kernel_id = :kernel
                returning id
            ), kept as (
                insert into context_runs
                    (id, context_id, sandbox_id, kernel_id, output_at, input_end, timeout_ms, request_hash, created_at, watched)
                select :id, :context, :sandbox, :kernel, :offset, :inputEnd, :timeout::bigint, :request, :now,
                    :timeout::bigint is not null
                from claimed
                returning id
            ), old as (
                delete from context_runs where id in (
                    select id from context_runs where context_id = :context order by created_at desc offset :most)
            )
            select (select count(*) from kept) as kept, set_config('synchronous_commit', 'off', true) as flush
            """;

    private static final String FIND_RUN = "select * from context_runs where id = :id";

    private static final String RUNS = """
            select * from context_runs where context_id = :context order by created_at desc, id limit :limit
            """;

    private static final String WATCHED = "select * from context_runs where watched";

    private static final String UNWATCH = "update context_runs set watched = false where id = :id";

    private final SqlSessions sessions;

    public PostgresContextStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public boolean insert(CodeContext context) {
        ContextSpec spec = context.spec();
        return sessions.statement(handle -> handle.createUpdate(INSERT)
                        .bind("id", context.id().value())
                        .bind("sandbox", context.sandbox().value())
                        .bind("language", spec.language())
                        .bind("cwd", spec.cwd().orElse(null))
                        .bind("env", JSON.writeValueAsString(spec.env()))
                        .bind("user", spec.user().orElse(null))
                        .bind("argv", JSON.writeValueAsString(context.argv()))
                        .bind("now", context.createdAt().atOffset(ZoneOffset.UTC))
                        .bind("kernel", context.kernel().value())
                        .bind("restarts", context.restarts())
                        .execute())
                == 1;
    }

    @Override
    public Optional<CodeContext> find(ContextId id) {
        return sessions.statement(handle -> handle.createQuery(FIND)
                .bind("id", id.value())
                .map((row, context) -> context(row))
                .findOne());
    }

    @Override
    public List<CodeContext> of(SandboxId sandbox) {
        return sessions.statement(handle -> handle.createQuery(OF)
                .bind("sandbox", sandbox.value())
                .map((row, context) -> context(row))
                .list());
    }

    @Override
    public boolean restart(ContextId id, ExecId last, ExecId next) {
        return sessions.statement(handle -> handle.createUpdate(RESTART)
                        .bind("id", id.value())
                        .bind("last", last.value())
                        .bind("next", next.value())
                        .execute())
                == 1;
    }

    @Override
    public boolean delete(ContextId id) {
        return sessions.statement(handle ->
                        handle.createUpdate(DELETE).bind("id", id.value()).execute())
                == 1;
    }

    @Override
    public boolean begin(ContextRun run, Optional<ContextRunId> last) {
        return sessions.statement(handle -> handle.createQuery(BEGIN)
                .bind("id", run.id().value())
                .bind("context", run.context().value())
                .bind("sandbox", run.sandbox().value())
                .bind("last", last.map(ContextRunId::value).orElse(null))
                .bind("kernel", run.kernel().value())
                .bind("offset", run.offset())
                .bind("inputEnd", run.inputEnd())
                .bind("timeout", run.timeout().map(Duration::toMillis).orElse(null))
                .bind("request", HexFormat.of().parseHex(run.request()))
                .bind("now", run.createdAt().atOffset(ZoneOffset.UTC))
                .bind("most", MOST_RUNS)
                .map((row, context) -> row.getLong("kept") == 1)
                .one());
    }

    @Override
    public Optional<ContextRun> findRun(ContextRunId id) {
        return sessions.statement(handle -> handle.createQuery(FIND_RUN)
                .bind("id", id.value())
                .map((row, context) -> run(row))
                .findOne());
    }

    @Override
    public List<ContextRun> runs(ContextId context, int limit) {
        return sessions.statement(handle -> handle.createQuery(RUNS)
                .bind("context", context.value())
                .bind("limit", limit)
                .map((row, ignored) -> run(row))
                .list());
    }

    @Override
    public List<ContextRun> watched() {
        return sessions.statement(handle ->
                handle.createQuery(WATCHED).map((row, context) -> run(row)).list());
    }

    @Override
    public void unwatch(ContextRunId id) {
        sessions.statement(
                handle -> handle.createUpdate(UNWATCH).bind("id", id.value()).execute());
    }

    private static CodeContext context(ResultSet row) throws SQLException {
        return new CodeContext(
                new ContextId(row.getString("id")),
                new SandboxId(row.getString("sandbox_id")),
                new ContextSpec(
                        row.getString("language"),
                        Optional.ofNullable(row.getString("cwd")),
                        JSON.readValue(row.getString("env"), TEXTS),
                        Optional.ofNullable(row.getString("run_as"))),
                JSON.readValue(row.getString("argv"), LIST),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                new ExecId(row.getString("kernel_id")),
                row.getInt("restarts"),
                Optional.ofNullable(row.getString("run_id")).map(ContextRunId::new));
    }

    private static ContextRun run(ResultSet row) throws SQLException {
        return new ContextRun(
                new ContextRunId(row.getString("id")),
                new ContextId(row.getString("context_id")),
                new SandboxId(row.getString("sandbox_id")),
                new ExecId(row.getString("kernel_id")),
                row.getLong("output_at"),
                row.getLong("input_end"),
                Optional.ofNullable(row.getObject("timeout_ms", Long.class)).map(Duration::ofMillis),
                HexFormat.of().formatHex(row.getBytes("request_hash")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
