package dev.atoll.manager.run;

import dev.atoll.model.id.RunId;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as it stands.
 *
 * @param sandbox the sandbox made for it, which ends with it
 * @param outcome present exactly when it has ended
 */
public record Run(RunId id, SandboxId sandbox, Instant createdAt, Optional<RunOutcome> outcome) {}
