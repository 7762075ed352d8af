package dev.atoll.manager.outbox;

import dev.atoll.manager.store.PendingEffect;
import dev.atoll.model.sandbox.Sandbox;
import java.util.Optional;

/**
 * An effect to carry out.
 *
 * @param known the sandbox as it was when the effect was committed; empty when the effect was found in the queue
 */
record Work(PendingEffect effect, Optional<Sandbox> known) {}
