package dev.atoll.manager.file;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.SandboxId;
import java.util.Optional;

/**
 * Whose files are meant, and with whose rights.
 *
 * @param user a user of the sandbox, as in an exec and of the same form; the image's when empty
 */
public record FileAccess(Caller caller, SandboxId sandbox, Optional<String> user) {
    /** Throws {@code invalid_command} when the user cannot be one. */
    public FileAccess {
        user.ifPresent(ExecSpec::checkUser);
    }
}
