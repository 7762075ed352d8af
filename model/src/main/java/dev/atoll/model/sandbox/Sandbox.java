package dev.atoll.model.sandbox;

import dev.atoll.model.id.HostId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A sandbox as the control plane knows it.
 *
 * @param generation grows by one with every committed transition; a command that names an older one is stale
 * @param reason why it ended, or why it is being stopped; empty before
 * @param detail one line for people on the present state, for instance why it failed; may be empty
 * @param imageId the content its image name stood for when it was prepared
 * @param start how it came to run, once it does
 * @param expiresAt when its time is over; its ttl after its creation, or later when it was extended
 * @param holds until when each of its holds keeps it from being idle; those that are over may be among them
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
        Optional<Instant> endedAt,
        Instant expiresAt,
        Map<String, Instant> holds) {
    public Sandbox {
        holds = Map.copyOf(holds);
    }

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
                Optional.empty(),
                now.plus(spec.ttl()),
                Map.of());
    }

    /** When it is told that its time will be over: a tenth of its ttl before, a minute at most. */
    public Instant expiryWarnedAt() {
        return expiresAt.minus(IdlePolicy.warningBefore(spec.ttl()));
    }

    /** The holds that keep it from being idle at a time. */
    public Map<String, Instant> holdsAt(Instant now) {
        Map<String, Instant> valid = new TreeMap<>(holds);
        valid.values().removeIf(until -> !until.isAfter(now));
        return valid;
    }
}
