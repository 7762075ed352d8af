package dev.atoll.manager.store;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Effect;

/**
 * An effect that has been committed and not yet carried out.
 *
 * @param seq its place in the outbox; effects of one sandbox are in the order of their transitions
 * @param generation the sandbox's generation that it belongs to; when the sandbox has moved on, it is void
 */
public record PendingEffect(long seq, SandboxId sandbox, long generation, Effect effect) {}
