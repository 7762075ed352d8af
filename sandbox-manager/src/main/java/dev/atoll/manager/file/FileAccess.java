package dev.atoll.manager.file;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.id.SandboxId;
import java.util.Optional;

/**
 * Whose files are meant, and with whose rights.
 *
 * @param user a user of the sandbox, as in an exec; the image's when empty
 */
public record FileAccess(Caller caller, SandboxId sandbox, Optional<String> user) {}
