package dev.atoll.manager.host;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.id.SandboxId;
import java.util.Optional;

/** The files of a host's sandboxes. */
public interface HostFiles {
    /**
     * Begins an operation in a sandbox. The caller closes the exchange.
     *
     * @param user whose rights it has, as in {@code ExecSpec}; the image's user when empty
     */
    FileExchange begin(SandboxId sandbox, Optional<String> user, FileOperation operation);
}
