package dev.atoll.manager.host;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.sandbox.EndReason;
import java.util.Optional;

/** What a host reports of its sandboxes. */
public sealed interface HostObservation {
    /** The host has it. {@code generation} is that of the newest command it has seen for it. */
    record Present(SandboxId sandbox, long generation, boolean running, Optional<ImageId> image)
            implements HostObservation {}

    /** It ended by itself and the host has nothing left of it. */
    record Ended(SandboxId sandbox, long generation, EndReason reason, String detail) implements HostObservation {}

    /** Everything the host had when the observation began has been reported. */
    record SnapshotComplete() implements HostObservation {}

    /** Nothing more will be reported. */
    record Broken(Problem why) implements HostObservation {}
}
