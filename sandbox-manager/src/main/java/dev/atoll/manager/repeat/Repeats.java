package dev.atoll.manager.repeat;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Carries out a request that has an idempotency key once, and answers its repeats with the first answer. What ended in a problem was not
 * carried out and may be tried again. Only when this process dies in the midst, the next request under that key carries it out again.
 * Thread-safe.
 */
public final class Repeats {
    /** How long an answer is kept. */
    static final Duration KEPT_FOR = Duration.ofHours(24);

    /** Bytes of answers that a workspace has kept for it; beyond them repeats of the oldest are told only that it was done. */
    static final long KEPT_BYTES = 256L << 20;

    /** From this size on an answer is worth looking at how many bytes there are. */
    private static final int LARGE_BYTES = 64 << 10;

    private static final int FORGOTTEN_AT_ONCE = 100;

    private final AnswerStore store;
    private final Clock clock;
    private final Map<Asked, CompletableFuture<byte[]>> underWay = new ConcurrentHashMap<>();

    private record Asked(WorkspaceId workspace, KeyedRequest request) {}

    public Repeats(AnswerStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The answer of {@code work}, or the one it gave to the same request before. Throws {@code idempotency_conflict}. */
    public byte[] once(Caller caller, Optional<IdempotencyKey> key, RequestHash hash, Supplier<byte[]> work) {
        if (key.isEmpty()) {
            return work.get();
        }
        Asked asked = new Asked(caller.workspace(), new KeyedRequest(key.get(), hash));
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> other = underWay.putIfAbsent(asked, mine);
        if (other != null) {
            return joined(other);
        }
        try {
            byte[] answer = unlessAnswered(asked, work);
            mine.complete(answer);
            return answer;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(asked, mine);
        }
    }

    /** The same request is being carried out by another thread, and comes to the same. */
    private static byte[] joined(CompletableFuture<byte[]> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private byte[] unlessAnswered(Asked asked, Supplier<byte[]> work) {
        Instant now = clock.instant();
        store.forget(now.minus(KEPT_FOR), FORGOTTEN_AT_ONCE);
        return switch (store.claim(asked.workspace(), asked.request(), now)) {
            case AnswerStore.Known.Open open -> carriedOut(asked, work);
            case AnswerStore.Known.Answered answered -> answered.answer();
            case AnswerStore.Known.Forgotten forgotten ->
                throw Problem.of(
                                ProblemCode.RETENTION_OVER,
                                "This request was carried out; its answer is not kept any more.",
                                "Look at what it has changed, or use a new key to have it done again.")
                        .asException();
            case AnswerStore.Known.Conflict conflict ->
                throw Problem.of(
                                ProblemCode.IDEMPOTENCY_CONFLICT,
                                "This Idempotency-Key was used for another request.",
                                "Use a new key for a new request.")
                        .asException();
        };
    }

    private byte[] carriedOut(Asked asked, Supplier<byte[]> work) {
        byte[] answer;
        try {
            answer = work.get();
        } catch (RuntimeException | Error e) {
            store.release(asked.workspace(), asked.request());
            throw e;
        }
        store.answer(asked.workspace(), asked.request(), answer);
        if (answer.length > LARGE_BYTES) {
            store.forgetBeyond(asked.workspace(), KEPT_BYTES);
        }
        return answer;
    }
}
