package dev.atoll.manager.sandbox;

import dev.atoll.model.sandbox.Sandbox;

/**
 * The answer to a create.
 *
 * @param replayed true when an earlier request with the same idempotency key made this sandbox
 */
public record Created(Sandbox sandbox, boolean replayed) {}
