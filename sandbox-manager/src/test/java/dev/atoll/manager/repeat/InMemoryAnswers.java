package dev.atoll.manager.repeat;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
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
        if (!before.hash().equals(request.hash())) {
            return new Known.Conflict();
        }
        byte[] answer = before.answer().orElseThrow();
        return answer.length == 0 ? new Known.Forgotten() : new Known.Answered(answer);
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

    @Override
    public void forgetBeyond(WorkspaceId workspace, long bytes) {
        long held = 0;
        List<Map.Entry<Name, Kept>> newestFirst = kept.entrySet().stream()
                .filter(one -> one.getKey().workspace().equals(workspace)
                        && one.getValue().answer().isPresent())
                .sorted(Comparator.comparing(one -> one.getValue().madeAt(), Comparator.reverseOrder()))
                .toList();
        for (Map.Entry<Name, Kept> one : newestFirst) {
            held += one.getValue().answer().orElseThrow().length;
            if (held > bytes) {
                Kept old = one.getValue();
                kept.put(one.getKey(), new Kept(old.hash(), old.madeAt(), Optional.of(new byte[0])));
            }
        }
    }

    private static Name name(WorkspaceId workspace, KeyedRequest request) {
        return new Name(workspace, request.key().value());
    }
}
