package dev.atoll.manager.run;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.model.id.RunId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as it is kept.
 *
 * @param keyed its name by its caller, until it failed before it had done anything
 * @param request as {@link RunDocuments} writes it, until the run has ended
 * @param outcome likewise, from then on
 * @param cancelAsked whether somebody has asked for its end
 */
record StoredRun(
        RunId id,
        WorkspaceId workspace,
        SandboxId sandbox,
        Optional<KeyedRequest> keyed,
        RequestHash hash,
        Optional<String> request,
        Optional<String> outcome,
        Instant createdAt,
        Optional<Instant> endedAt,
        boolean cancelAsked) {
    /** Without the text of the request, which may be large and is of no use to whoever has read it. */
    StoredRun withoutRequest() {
        return new StoredRun(
                id, workspace, sandbox, keyed, hash, Optional.empty(), outcome, createdAt, endedAt, cancelAsked);
    }
}
