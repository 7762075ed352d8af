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
        /** The same request used it before, and nobody knows whether it has been carried out. */
        UNFINISHED,
        /** The same request used it before: it has been carried out. */
        REPEATED,
        /** Another request used it. */
        CONFLICT
    }

    Claim claim(WorkspaceId workspace, KeyedRequest request, Instant now);

    /** The request has been carried out: from now on it is repeated. */
    void finish(WorkspaceId workspace, KeyedRequest request);

    /** Gives a claim back because the request was not carried out. */
    void release(WorkspaceId workspace, KeyedRequest request);

    /** Forgets keys used before {@code usedBefore}; answers how many there were. */
    int forgetUsed(Instant usedBefore, int limit);
}
