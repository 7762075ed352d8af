package dev.atoll.manager.store;

import dev.atoll.model.id.HostId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.IdlePolicy;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import dev.atoll.model.sandbox.SandboxState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Sandboxes to and from rows of {@code sandboxes}. */
final class SandboxRows {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private SandboxRows() {}

    static Sandbox read(ResultSet row) throws SQLException {
        return new Sandbox(
                new SandboxId(row.getString("id")),
                new WorkspaceId(row.getString("workspace_id")),
                spec(row),
                SandboxState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getLong("generation"),
                Optional.ofNullable(row.getString("reason"))
                        .map(word -> EndReason.valueOf(word.toUpperCase(Locale.ROOT))),
                row.getString("detail"),
                Optional.ofNullable(row.getString("host_id")).map(HostId::new),
                Optional.ofNullable(row.getString("image_id")).map(ImageId::new),
                Optional.ofNullable(row.getString("start_kind")).map(SandboxStart::ofWord),
                instant(row, "created_at").orElseThrow(),
                instant(row, "started_at"),
                instant(row, "ended_at"),
                instant(row, "expires_at").orElseThrow(),
                holds(row));
    }

    private static Map<String, Instant> holds(ResultSet row) throws SQLException {
        String written = row.getString("holds");
        if (written.equals("{}")) {
            return Map.of();
        }
        Map<String, Instant> holds = new HashMap<>();
        JSON.readValue(written, TEXTS).forEach((name, until) -> holds.put(name, Instant.parse(until)));
        return holds;
    }

    private static SandboxSpec spec(ResultSet row) throws SQLException {
        return new SandboxSpec(
                Optional.ofNullable(row.getString("name")),
                new ImageName(row.getString("image")),
                new SandboxSize(
                        new CpuAmount(row.getLong("cpu_millis")),
                        new MemorySize(row.getLong("memory_bytes")),
                        new MemorySize(row.getLong("disk_bytes")),
                        row.getInt("pids")),
                Duration.ofMillis(row.getLong("ttl_ms")),
                texts(row, "env"),
                texts(row, "labels"),
                row.getBoolean("warm"),
                idle(row));
    }

    private static Optional<IdlePolicy> idle(ResultSet row) throws SQLException {
        long millis = row.getLong("idle_ms");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new IdlePolicy(Duration.ofMillis(millis), row.getBoolean("idle_processes")));
    }

    /** Binds what never changes. */
    static <S extends SqlStatement<S>> S bindFixed(S statement, Sandbox sandbox) {
        SandboxSpec spec = sandbox.spec();
        return statement
                .bind("workspace", sandbox.workspace().value())
                .bind("name", orNull(spec.name()))
                .bind("image", spec.image().value())
                .bind("cpu", spec.size().cpu().millis())
                .bind("memory", spec.size().memory().bytes())
                .bind("disk", spec.size().disk().bytes())
                .bind("pids", spec.size().pids())
                .bind("warm", spec.warm())
                .bind("ttl", spec.ttl().toMillis())
                .bind("idle", spec.idle().map(idle -> idle.after().toMillis()).orElse(null))
                .bind("idleProcesses", spec.idle().map(IdlePolicy::processes).orElse(true))
                .bind("env", json(spec.env()))
                .bind("labels", json(spec.labels()))
                .bind("created", time(sandbox.createdAt()))
                .bind("expires", time(sandbox.expiresAt()));
    }

    /** Binds what a transition changes, and the id. */
    static <S extends SqlStatement<S>> S bindMoving(S statement, Sandbox sandbox) {
        return statement
                .bind("id", sandbox.id().value())
                .bind("state", word(sandbox.state()))
                .bind("generation", sandbox.generation())
                .bind("reason", orNull(sandbox.reason().map(EndReason::word)))
                .bind("detail", sandbox.detail().replace("\0", "\uFFFD"))
                .bind("host", orNull(sandbox.host().map(HostId::value)))
                .bind("imageId", orNull(sandbox.imageId().map(ImageId::value)))
                .bind("start", orNull(sandbox.start().map(SandboxStart::word)))
                .bind("started", orNull(sandbox.startedAt().map(SandboxRows::time)))
                .bind("ended", orNull(sandbox.endedAt().map(SandboxRows::time)));
    }

    /** An object of texts, as a column keeps it. */
    static String json(Map<String, String> texts) {
        return JSON.writeValueAsString(texts);
    }

    static Map<String, String> texts(ResultSet row, String column) throws SQLException {
        return JSON.readValue(row.getString(column), TEXTS);
    }

    static String word(SandboxState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
