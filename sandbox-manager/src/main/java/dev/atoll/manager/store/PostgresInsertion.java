package dev.atoll.manager.store;

import static dev.atoll.manager.store.SandboxRows.time;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.placement.Placement;
import dev.atoll.manager.placement.PlacementDecision;
import dev.atoll.manager.placement.PlacementDecision.Placed;
import dev.atoll.manager.placement.PlacementDecision.Unplaceable;
import dev.atoll.manager.store.Insertion.Inserted;
import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Decision;
import dev.atoll.model.sandbox.Lifecycle;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The transaction that makes a sandbox: key, place, row and effects in one commit. */
final class PostgresInsertion {
    /** How often a placement is tried again because the chosen host filled up before it was locked. */
    private static final int MAX_PLACEMENTS = 8;

    private static final String LIVE_NAME_INDEX = "sandboxes_live_name";

    private static final String CLAIM_KEY = """
            insert into idempotency (workspace_id, key, request_hash, sandbox_id, created_at)
            values (:workspace, :key, :hash, :sandbox, :now)
            on conflict do nothing
            """;

    private static final String FIND_KEY = """
            select i.request_hash, s.* from idempotency i left join sandboxes s on s.id = i.sandbox_id
            where i.workspace_id = :workspace and i.key = :key
            """;

    private static final String INSERT = """
            with made as (
                insert into sandboxes (id, workspace_id, name, image, cpu_millis, memory_bytes, disk_bytes, pids, warm, ttl_ms,
                    env, labels, state, generation, reason, detail, host_id, image_id, start_kind, created_at, started_at,
                    ended_at, expires_at)
                values (:id, :workspace, :name, :image, :cpu, :memory, :disk, :pids, :warm, :ttl, :env::jsonb,
                    :labels::jsonb, :state, :generation, :reason, :detail, :host, :imageId, :start, :created,
                    :started::timestamptz, :ended::timestamptz, :expires)
            ), queued as (
                insert into outbox (sandbox_id, generation, kind, host_id, not_before)
                select :id, :generation, effect.kind, effect.host, :notBefore
                from unnest(:kinds::text[], :hosts::text[]) with ordinality as effect (kind, host, place)
                order by effect.place
                returning seq
            )
            select array(select seq from queued order by seq) as seqs
            """;

    private final SqlSessions sessions;

    PostgresInsertion(SqlSessions sessions) {
        this.sessions = sessions;
    }

    Insertion insert(NewSandbox wanted, Placement placement) {
        try {
            Insertion done = sessions.transaction(handle -> attempt(handle, wanted, placement));
            // The chosen host filled up before it was locked: choose again, with the new sums.
            for (int i = 1; i < MAX_PLACEMENTS && filledUp(done, wanted); i++) {
                done = sessions.transaction(handle -> attempt(handle, wanted, placement));
            }
            return done;
        } catch (ProblemException e) {
            if (SqlSessions.violatedUnique(e)
                    .filter(text -> text.contains(LIVE_NAME_INDEX))
                    .isPresent()) {
                return new Insertion.NameTaken();
            }
            throw e;
        }
    }

    /** With every candidate looked at there is a reason for each. */
    private static boolean filledUp(Insertion done, NewSandbox wanted) {
        return done instanceof Insertion.NotPlaced(Unplaceable why)
                && why.reasons().size() < wanted.candidates().size();
    }

    private Insertion attempt(Handle handle, NewSandbox wanted, Placement placement) {
        Optional<Insertion> earlier = wanted.keyed().flatMap(keyed -> claimKey(handle, wanted.requested(), keyed));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        return switch (place(handle, wanted, placement)) {
            case Placed placed -> insertPlaced(handle, wanted, placed.host());
            case Unplaceable unplaceable -> {
                handle.rollback();
                yield new Insertion.NotPlaced(unplaceable);
            }
        };
    }

    private Optional<Insertion> claimKey(Handle handle, Sandbox requested, KeyedRequest keyed) {
        int claimed = handle.createUpdate(CLAIM_KEY)
                .bind("workspace", requested.workspace().value())
                .bind("key", keyed.key().value())
                .bind("hash", keyed.hash().bytes())
                .bind("sandbox", requested.id().value())
                .bind("now", time(requested.createdAt()))
                .execute();
        return claimed == 1 ? Optional.empty() : Optional.of(earlierUse(handle, requested, keyed));
    }

    private static Insertion earlierUse(Handle handle, Sandbox requested, KeyedRequest keyed) {
        return handle.createQuery(FIND_KEY)
                .bind("workspace", requested.workspace().value())
                .bind("key", keyed.key().value())
                .map((row, context) -> {
                    boolean same = Arrays.equals(
                            row.getBytes("request_hash"), keyed.hash().bytes());
                    return same && row.getString("id") != null
                            ? new Insertion.Replayed(SandboxRows.read(row))
                            : new Insertion.KeyConflict();
                })
                .one();
    }

    /**
     * Only one host is ever locked in a transaction, so that two cannot wait for each other. With more than one candidate the choice is
     * made first, and looked at again under the lock.
     */
    private static PlacementDecision place(Handle handle, NewSandbox wanted, Placement placement) {
        SandboxSpec spec = wanted.requested().spec();
        if (wanted.candidates().size() <= 1) {
            return chooseLocked(handle, spec, wanted.candidates(), placement);
        }
        return switch (placement.choose(
                spec, wanted.candidates(), HostReservations.read(handle, wanted.candidates()))) {
            case Unplaceable unplaceable -> unplaceable;
            case Placed placed -> {
                List<HostCandidate> chosen = wanted.candidates().stream()
                        .filter(candidate -> candidate.host().equals(placed.host()))
                        .toList();
                yield chooseLocked(handle, spec, chosen, placement);
            }
        };
    }

    private static PlacementDecision chooseLocked(
            Handle handle, SandboxSpec spec, List<HostCandidate> candidates, Placement placement) {
        candidates.forEach(candidate -> HostReservations.lock(handle, candidate.host()));
        return placement.choose(spec, candidates, HostReservations.read(handle, candidates));
    }

    private static Insertion insertPlaced(Handle handle, NewSandbox wanted, HostId host) {
        Sandbox requested = wanted.requested();
        Decision decision = Lifecycle.decide(requested, new SandboxEvent.Placed(host), requested.createdAt());
        if (!(decision instanceof Decision.Advance(Sandbox placed, var effects))) {
            throw new IllegalStateException("a sandbox that was asked for can be placed: " + decision);
        }
        Query query = handle.createQuery(INSERT);
        SandboxRows.bindMoving(SandboxRows.bindFixed(query, placed), placed)
                .bind("notBefore", time(wanted.effectsNotBefore()))
                .bind("kinds", EffectRows.kinds(effects))
                .bind("hosts", EffectRows.hosts(effects));
        return query.map((row, context) ->
                        new Inserted(placed, EffectRows.queued(placed, effects, row.getArray("seqs"))))
                .one();
    }
}
