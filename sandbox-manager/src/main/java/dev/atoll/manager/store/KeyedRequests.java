package dev.atoll.manager.store;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;

/** Idempotency keys of requests that make no sandbox. They share one name space with those that do. Thread-safe. */
public interface KeyedRequests {
    /** What a key's use is. */
    enum Claim {
        /** Nobody used it before: go on. */
        FIRST,
        /** The same request used it before: it has been done. */
        REPEATED,
        /** Another request used it. */
        CONFLICT
    }

    Claim claim(WorkspaceId workspace, KeyedRequest request, Instant now);

    /** Gives a claim back because the request was not carried out. */
    void release(WorkspaceId workspace, KeyedRequest request);

    /** Forgets keys used before {@code usedBefore}; answers how many there were. */
    int forgetUsed(Instant usedBefore, int limit);
}
