package dev.atoll.manager.store;

import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Effect;
import dev.atoll.model.sandbox.Sandbox;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Effects to and from rows of {@code outbox}. */
final class EffectRows {
    private EffectRows() {}

    static String[] kinds(List<Effect> effects) {
        return effects.stream().map(EffectRows::kind).toArray(String[]::new);
    }

    static String[] hosts(List<Effect> effects) {
        return effects.stream().map(effect -> effect.host().value()).toArray(String[]::new);
    }

    /** The effects of a transition as they are queued, by the places they were given. */
    static List<PendingEffect> queued(Sandbox sandbox, List<Effect> effects, Array seqs) throws SQLException {
        return queued(sandbox, effects, List.of((Long[]) seqs.getArray()));
    }

    /** As above. */
    static List<PendingEffect> queued(Sandbox sandbox, List<Effect> effects, List<Long> seqs) {
        List<PendingEffect> pending = new ArrayList<>();
        for (int i = 0; i < seqs.size(); i++) {
            pending.add(new PendingEffect(seqs.get(i), sandbox.id(), sandbox.generation(), effects.get(i)));
        }
        return pending;
    }

    static PendingEffect read(ResultSet row) throws SQLException {
        HostId host = new HostId(row.getString("host_id"));
        String kind = row.getString("kind");
        return new PendingEffect(
                row.getLong("seq"),
                new SandboxId(row.getString("sandbox_id")),
                row.getLong("generation"),
                kind.equals("prepare") ? new Effect.PrepareOnHost(host) : new Effect.StopOnHost(host));
    }

    private static String kind(Effect effect) {
        return switch (effect) {
            case Effect.PrepareOnHost prepare -> "prepare";
            case Effect.StopOnHost stop -> "stop";
        };
    }
}
