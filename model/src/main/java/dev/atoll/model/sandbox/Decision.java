package dev.atoll.model.sandbox;

import dev.atoll.model.problem.Problem;
import java.util.List;

/** What an event means for a sandbox in its present state. */
public sealed interface Decision {
    /** Commit {@code next} and, in the same transaction, {@code effects}. */
    record Advance(Sandbox next, List<Effect> effects) implements Decision {
        public Advance {
            effects = List.copyOf(effects);
        }
    }

    /** The event says nothing new; do nothing. */
    record Ignore(String why) implements Decision {}

    /** The event must not happen in this state; tell whoever sent it. */
    record Refuse(Problem problem) implements Decision {}
}
