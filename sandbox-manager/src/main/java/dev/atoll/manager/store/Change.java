package dev.atoll.manager.store;

import dev.atoll.model.sandbox.Effect;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * A transition to commit: {@code next} replaces the generation before it, or nothing happens.
 *
 * @param effects what is to be done because of it
 * @param effectsNotBefore until when nobody else takes up the effects
 * @param completes the pending effect that led to it and is done with it, if one did
 * @param comesAgain true when the loss of this commit in a crash of the database itself would do no harm, because what led to it would
 *     happen again; the commit then need not wait for the disk. A later commit that does wait makes this one safe too
 */
public record Change(
        Sandbox next, List<Effect> effects, Instant effectsNotBefore, OptionalLong completes, boolean comesAgain) {
    public Change {
        effects = List.copyOf(effects);
    }
}
