package dev.atoll.api.http;

import dev.atoll.manager.idempotency.IdempotencyKey;
import java.util.Optional;

/** The idempotency key of a request. */
public final class IdempotencyKeys {
    private static final String HEADER = "Idempotency-Key";

    private IdempotencyKeys() {}

    /** The key, if one was sent; a problem with code {@code invalid_idempotency_key} when it is none. */
    public static Optional<IdempotencyKey> of(Call call) {
        return call.header(HEADER).map(IdempotencyKey::new);
    }
}
