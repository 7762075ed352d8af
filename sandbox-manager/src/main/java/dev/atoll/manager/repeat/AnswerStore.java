package dev.atoll.manager.repeat;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;

/** Answers to keyed requests. Every method throws {@code database_unavailable} when the store cannot be reached. Thread-safe. */
public interface AnswerStore {
    /** What is known of a request. */
    sealed interface Known {
        /** Nobody made it before, or whoever did never finished: it is to be carried out. */
        record Open() implements Known {}

        /** It was carried out. */
        @SuppressWarnings("ArrayRecordComponent") // sent on as it is, never compared
        record Answered(byte[] answer) implements Known {}

        /** It was carried out; what the answer was is not kept any more. */
        record Forgotten() implements Known {}

        /** The key was used for another request. */
        record Conflict() implements Known {}
    }

    Known claim(WorkspaceId workspace, KeyedRequest request, Instant now);

    void answer(WorkspaceId workspace, KeyedRequest request, byte[] answer);

    /** Gives a claim back because the request was not carried out. */
    void release(WorkspaceId workspace, KeyedRequest request);

    /** Forgets answers to requests made before {@code madeBefore}; answers how many there were. */
    int forget(Instant madeBefore, int limit);

    /** Forgets what the oldest answers of a workspace were beyond so many bytes of them, but not that they were given. */
    void forgetBeyond(WorkspaceId workspace, long bytes);
}
