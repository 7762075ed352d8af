package dev.atoll.model.sandbox;

import dev.atoll.model.id.HostId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A sandbox as the control plane knows it.
 *
 * @param generation grows by one with every committed transition; a command that names an older one is stale
 * @param reason why it ended, or why it is being stopped; empty before
 * @param detail one line for people on the present state, for instance why it failed; may be empty
 * @param imageId the content its image name stood for when it was prepared
 * @param start how it came to run, once it does
 */
public record Sandbox(
        SandboxId id,
        WorkspaceId workspace,
        SandboxSpec spec,
        SandboxState state,
        long generation,
        Optional<EndReason> reason,
        String detail,
        Optional<HostId> host,
        Optional<ImageId> imageId,
        Optional<SandboxStart> start,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {

    /** A sandbox that has just been asked for. */
    public static Sandbox requested(SandboxId id, WorkspaceId workspace, SandboxSpec spec, Instant now) {
        return new Sandbox(
                id,
                workspace,
                spec,
                SandboxState.REQUESTED,
                1,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now,
                Optional.empty(),
                Optional.empty());
    }

    /** When its ttl is over. */
    public Instant expiresAt() {
        return createdAt.plus(spec.ttl());
    }
}
