package dev.atoll.model.sandbox;

import dev.atoll.model.id.HostId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.problem.Problem;

/** Something that happened to a sandbox, from whomever it comes: a user, the scheduler, a host or the reconciler. */
public sealed interface SandboxEvent {
    /** A host with room was chosen. */
    record Placed(HostId host) implements SandboxEvent {}

    /** No host can take it. */
    record NotPlaced(Problem why) implements SandboxEvent {}

    /** The host has it running. */
    record Started(ImageId image, SandboxStart start) implements SandboxEvent {}

    /** The host could not make it, and has undone what it had begun. */
    record StartFailed(Problem why) implements SandboxEvent {}

    /** Its end is wanted. */
    record StopRequested(EndReason reason) implements SandboxEvent {}

    /** The host has nothing left of it after it was told to stop it. */
    record StopFinished() implements SandboxEvent {}

    /** It ended on the host by itself, and the host has nothing left of it. */
    record Ended(EndReason reason, String detail) implements SandboxEvent {}

    /** Its host is gone, or does not know it any more. */
    record HostLost(String detail) implements SandboxEvent {}
}
