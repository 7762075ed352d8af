package dev.atoll.hostagent.sandbox;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.EndReason;
import java.util.Optional;

/** A sandbox as this host has it. */
public sealed interface SandboxReport {
    SandboxId sandbox();

    /** The newest generation seen. */
    long generation();

    /**
     * It is here.
     *
     * @param running whether commands can be run in it; otherwise it is being made or taken down
     * @param image present once it is known
     */
    record Present(SandboxId sandbox, long generation, boolean running, Optional<ImageId> image)
            implements SandboxReport {}

    /** It ended by itself and nothing of it runs or is held; what its execs left can be read for a while. */
    record Ended(SandboxId sandbox, long generation, EndReason reason, String detail) implements SandboxReport {}
}
