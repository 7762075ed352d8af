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
import dev.atoll.model.sandbox.Decision.Advance;
import dev.atoll.model.sandbox.Sandbox;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The transaction that makes a sandbox: key, place, row and effects in one commit. In the ordinary case it is one round trip; when that
 * made nothing, it is taken step by step, each of which can say why.
 */
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

    private static final String INSERT = SandboxInsert.always();

    private final SqlSessions sessions;

    PostgresInsertion(SqlSessions sessions) {
        this.sessions = sessions;
    }

    Insertion insert(NewSandbox wanted, Placement placement) {
        try {
            Optional<Inserted> quick = sessions.transaction(handle -> insertQuickly(handle, wanted, placement));
            return quick.isPresent() ? quick.get() : insertThoroughly(wanted, placement);
        } catch (ProblemException e) {
            if (SqlSessions.violatedUnique(e)
                    .filter(text -> text.contains(LIVE_NAME_INDEX))
                    .isPresent()) {
                return new Insertion.NameTaken();
            }
            throw e;
        }
    }

    /** The ordinary case; empty when it is not, and then nothing was done. */
    private static Optional<Inserted> insertQuickly(Handle handle, NewSandbox wanted, Placement placement) {
        return switch (likely(handle, wanted, placement)) {
            case Placed placed -> {
                HostCandidate candidate = wanted.candidate(placed.host());
                yield placement
                        .limit(wanted.requested().spec(), candidate)
                        .flatMap(limit -> OneTripInsertion.insert(handle, wanted, candidate, limit));
            }
            case Unplaceable _ -> Optional.empty();
        };
    }

    /** Step by step, to find out what stands against it. */
    private Insertion insertThoroughly(NewSandbox wanted, Placement placement) {
        Insertion done = sessions.transaction(handle -> attempt(handle, wanted, placement));
        // The chosen host filled up before it was locked: choose again, with the new sums.
        for (int i = 1; i < MAX_PLACEMENTS && filledUp(done, wanted); i++) {
            done = sessions.transaction(handle -> attempt(handle, wanted, placement));
        }
        return done;
    }

    /** With every candidate looked at there is a reason for each. */
    private static boolean filledUp(Insertion done, NewSandbox wanted) {
        return done instanceof Insertion.NotPlaced(Unplaceable why)
                && why.reasons().size() < wanted.candidates().size();
    }

    private static Insertion attempt(Handle handle, NewSandbox wanted, Placement placement) {
        return switch (likely(handle, wanted, placement)) {
            case Placed placed -> attemptOn(wanted.candidate(placed.host()), handle, wanted, placement);
            case Unplaceable why -> claimKey(handle, wanted).orElseGet(() -> notPlaced(handle, why));
        };
    }

    /**
     * The host, then the key, then the name, as the one trip does: in one order, nobody waits for someone who waits for him. Only one host
     * is ever locked in a transaction.
     */
    private static Insertion attemptOn(HostCandidate candidate, Handle handle, NewSandbox wanted, Placement placement) {
        HostReservations.lock(handle, candidate.host());
        Optional<Insertion> earlier = claimKey(handle, wanted);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        List<HostCandidate> locked = List.of(candidate);
        return switch (placement.choose(wanted.requested().spec(), locked, HostReservations.read(handle, locked))) {
            case Placed placed -> insertPlaced(handle, wanted, placed.host());
            case Unplaceable why -> notPlaced(handle, why);
        };
    }

    /** The host to lock: the only one, or the best by what can be seen without a lock. It is looked at again under the lock. */
    private static PlacementDecision likely(Handle handle, NewSandbox wanted, Placement placement) {
        List<HostCandidate> candidates = wanted.candidates();
        return candidates.size() == 1
                ? new Placed(candidates.getFirst().host())
                : placement.choose(wanted.requested().spec(), candidates, HostReservations.read(handle, candidates));
    }

    private static Insertion notPlaced(Handle handle, Unplaceable why) {
        handle.rollback();
        return new Insertion.NotPlaced(why);
    }

    /** Empty when there is no key or it is ours now, otherwise what it was used for. */
    private static Optional<Insertion> claimKey(Handle handle, NewSandbox wanted) {
        return wanted.keyed().flatMap(keyed -> claimKey(handle, wanted.requested(), keyed));
    }

    private static Optional<Insertion> claimKey(Handle handle, Sandbox requested, KeyedRequest keyed) {
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

    private static Insertion insertPlaced(Handle handle, NewSandbox wanted, HostId host) {
        List<Advance> steps = wanted.beginningOn(host);
        return SandboxInsert.bind(handle.createQuery(INSERT), steps, wanted.effectsNotBefore())
                .scanResultSet((rows, context) -> {
                    try (context) {
                        return SandboxInsert.read(rows.get(), steps.getLast()).orElseThrow();
                    }
                });
    }
}
