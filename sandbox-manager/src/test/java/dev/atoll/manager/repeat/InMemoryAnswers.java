package dev.atoll.manager.repeat;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Answers in memory. */
public final class InMemoryAnswers implements AnswerStore {
    private record Name(WorkspaceId workspace, String key) {}

    private record Kept(RequestHash hash, Instant madeAt, Optional<byte[]> answer) {}

    private final Map<Name, Kept> kept = new ConcurrentHashMap<>();

    @Override
    public Known claim(WorkspaceId workspace, KeyedRequest request, Instant now) {
        Kept before = kept.putIfAbsent(name(workspace, request), new Kept(request.hash(), now, Optional.empty()));
        if (before == null
                || (before.hash().equals(request.hash()) && before.answer().isEmpty())) {
            return new Known.Open();
        }
        return before.hash().equals(request.hash())
                ? new Known.Answered(before.answer().orElseThrow())
                : new Known.Conflict();
    }

    @Override
    public void answer(WorkspaceId workspace, KeyedRequest request, byte[] answer) {
        kept.computeIfPresent(
                name(workspace, request), (name, old) -> new Kept(old.hash(), old.madeAt(), Optional.of(answer)));
    }

    @Override
    public void release(WorkspaceId workspace, KeyedRequest request) {
        kept.remove(name(workspace, request));
    }

    @Override
    public int forget(Instant madeBefore, int limit) {
        int before = kept.size();
        kept.values().removeIf(one -> one.madeAt().isBefore(madeBefore));
        return before - kept.size();
    }

    private static Name name(WorkspaceId workspace, KeyedRequest request) {
        return new Name(workspace, request.key().value());
    }
}
