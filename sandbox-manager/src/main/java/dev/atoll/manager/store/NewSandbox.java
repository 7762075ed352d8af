package dev.atoll.manager.store;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.model.id.HostId;
import dev.atoll.model.sandbox.Decision;
import dev.atoll.model.sandbox.Decision.Advance;
import dev.atoll.model.sandbox.Lifecycle;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A sandbox to be placed and inserted.
 *
 * @param requested the sandbox as it was asked for, in its first generation
 * @param keyed the caller's name for the request, if any
 * @param candidates the hosts to choose from
 * @param effectsNotBefore until when nobody else takes up its effects: whoever inserts it carries them out
 * @param claimed the box that it runs in already, on one of the candidates
 */
public record NewSandbox(
        Sandbox requested,
        Optional<KeyedRequest> keyed,
        List<HostCandidate> candidates,
        Instant effectsNotBefore,
        Optional<ClaimedBox> claimed) {
    public NewSandbox {
        candidates = claimed.isEmpty()
                ? List.copyOf(candidates)
                : candidates.stream()
                        .filter(candidate ->
                                candidate.host().equals(claimed.get().host()))
                        .toList();
    }

    /** One that is to be prepared by its host once it is inserted. */
    public NewSandbox(
            Sandbox requested, Optional<KeyedRequest> keyed, List<HostCandidate> candidates, Instant effectsNotBefore) {
        this(requested, keyed, candidates, effectsNotBefore, Optional.empty());
    }

    /** What happens to it at once when it is inserted on this host; the last is what is stored. It is placed, and runs if it has a box. */
    List<Advance> beginningOn(HostId host) {
        Advance placed = advance(requested, new SandboxEvent.Placed(host), requested.createdAt());
        return claimed.map(box -> List.of(
                        placed, advance(placed.next(), new SandboxEvent.Started(box.image(), box.start()), box.at())))
                .orElseGet(() -> List.of(placed));
    }

    private static Advance advance(Sandbox current, SandboxEvent event, Instant now) {
        Decision decision = Lifecycle.decide(current, event, now);
        if (!(decision instanceof Advance advance)) {
            throw new IllegalStateException("a new sandbox takes its first steps: " + decision);
        }
        return advance;
    }

    /** The candidate of that host, which is one of them. */
    HostCandidate candidate(HostId host) {
        return candidates.stream()
                .filter(candidate -> candidate.host().equals(host))
                .findFirst()
                .orElseThrow();
    }
}
