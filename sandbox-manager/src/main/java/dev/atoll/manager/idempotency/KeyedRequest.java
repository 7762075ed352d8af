package dev.atoll.manager.idempotency;

/** A request that its caller has named. */
public record KeyedRequest(IdempotencyKey key, RequestHash hash) {}
