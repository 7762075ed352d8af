package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import dev.atoll.manager.store.Insertion.Inserted;
import dev.atoll.model.sandbox.Decision.Advance;
import dev.atoll.model.sandbox.Sandbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** The statement that inserts a placed sandbox together with its effects, for all who do: its text, its parameters and its answer. */
final class SandboxInsert {
    private static final String STATEMENT = """
            with %s made as (
                insert into sandboxes (id, workspace_id, name, image, cpu_millis, memory_bytes, disk_bytes, pids, warm, ttl_ms,
                    idle_ms, idle_processes,
                    env, labels, state, generation, reason, detail, host_id, image_id, start_kind, created_at, started_at,
                    ended_at, expires_at)
                select :id, :workspace, :name, :image, :cpu, :memory, :disk, :pids, :warm, :ttl, :idle::bigint, :idleProcesses, :env::jsonb,
                    :labels::jsonb, :state, :generation, :reason, :detail, :host, :imageId, :start, :created::timestamptz,
                    :started::timestamptz, :ended::timestamptz, :expires::timestamptz
                %s
                returning id, workspace_id
            ), told as (
                insert into sandbox_events (sandbox_id, workspace_id, type, at, facts)
                select made.id, made.workspace_id, event.type, clock_timestamp(), event.facts::jsonb
                from made, unnest(:eventTypes::text[], :eventFacts::text[]) with ordinality as event (type, facts, place)
                order by event.place
            ), queued as (
                insert into outbox (sandbox_id, generation, kind, host_id, not_before)
                select made.id, :generation, effect.kind, effect.host, :notBefore::timestamptz
                from made, unnest(:kinds::text[], :hosts::text[]) with ordinality as effect (kind, host, place)
                order by effect.place
                returning seq
            )
            select placed.made, queued.seq
            from (select exists (select from made) as made) as placed left join queued on true
            order by queued.seq
            """;

    private SandboxInsert() {}

    /** Inserts whatever else is in the database. */
    static String always() {
        return STATEMENT.formatted("", "");
    }

    /** Inserts if {@code source}, a {@code from} clause over {@code tables} (common table expressions), has a row. */
    static String fromRowOf(String tables, String source) {
        return STATEMENT.formatted(tables + ",", source);
    }

    /** {@code steps} are those that the sandbox takes at once; see {@link NewSandbox#beginningOn}. */
    static Query bind(Query query, List<Advance> steps, Instant effectsNotBefore) {
        Advance last = steps.getLast();
        List<Sandbox> stages = steps.stream().map(Advance::next).toList();
        return SandboxRows.bindMoving(SandboxRows.bindFixed(query, last.next()), last.next())
                .bind("eventTypes", TransitionEvents.types(stages))
                .bind("eventFacts", TransitionEvents.factsOf(stages))
                .bind("notBefore", time(effectsNotBefore))
                .bind("kinds", EffectRows.kinds(last.effects()))
                .bind("hosts", EffectRows.hosts(last.effects()));
    }

    /**
     * What was inserted; empty if nothing was. {@code rows} is the statement's answer: one for each effect. Not one with an array of them:
     * the driver sends nothing together with a statement whose answer may be of any size.
     */
    static Optional<Inserted> read(ResultSet rows, Advance last) throws SQLException {
        List<Long> seqs = new ArrayList<>();
        boolean made = false;
        while (rows.next()) {
            made = rows.getBoolean("made");
            long seq = rows.getLong("seq");
            if (!rows.wasNull()) {
                seqs.add(seq);
            }
        }
        return made
                ? Optional.of(new Inserted(last.next(), EffectRows.queued(last.next(), last.effects(), seqs)))
                : Optional.empty();
    }
}
