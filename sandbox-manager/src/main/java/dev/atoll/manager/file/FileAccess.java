package dev.atoll.manager.file;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.SandboxId;
import java.util.Optional;

/**
 * Whose files are meant, and how far one comes among them.
 *
 * @param reach whose rights it has, and out of which directory nothing leads
 */
public record FileAccess(Caller caller, SandboxId sandbox, FileReach reach) {
    /** With the rights of a user of the sandbox, as in an exec; of the image's when empty. */
    public FileAccess(Caller caller, SandboxId sandbox, Optional<String> user) {
        this(caller, sandbox, FileReach.of(user));
    }
}
