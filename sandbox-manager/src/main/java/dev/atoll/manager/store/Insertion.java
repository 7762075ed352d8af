package dev.atoll.manager.store;

import dev.atoll.manager.placement.PlacementDecision.Unplaceable;
import dev.atoll.model.sandbox.Sandbox;
import java.util.List;

/** What became of an insert. Only {@link Inserted} has left anything in the store. */
public sealed interface Insertion {
    /** It is durable, a host has room reserved for it, and its effects are to be carried out. */
    record Inserted(Sandbox sandbox, List<PendingEffect> effects) implements Insertion {
        public Inserted {
            effects = List.copyOf(effects);
        }
    }

    /** The same request made this sandbox before. */
    record Replayed(Sandbox sandbox) implements Insertion {}

    /** The idempotency key belongs to another request. */
    record KeyConflict() implements Insertion {}

    /** A live sandbox of the workspace has the name. */
    record NameTaken() implements Insertion {}

    /** No host has room. */
    record NotPlaced(Unplaceable why) implements Insertion {}
}
