package dev.atoll.manager.store;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.model.id.HostId;
import dev.atoll.model.sandbox.Sandbox;
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
 */
public record NewSandbox(
        Sandbox requested, Optional<KeyedRequest> keyed, List<HostCandidate> candidates, Instant effectsNotBefore) {
    public NewSandbox {
        candidates = List.copyOf(candidates);
    }

    /** The candidate of that host, which is one of them. */
    HostCandidate candidate(HostId host) {
        return candidates.stream()
                .filter(candidate -> candidate.host().equals(host))
                .findFirst()
                .orElseThrow();
    }
}
