package dev.atoll.manager.host;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.SandboxId;

/** The files of a host's sandboxes. */
public interface HostFiles {
    /**
     * Begins an operation in a sandbox. The caller closes the exchange.
     *
     * @param reach whose rights it has, and out of which directory nothing leads
     */
    FileExchange begin(SandboxId sandbox, FileReach reach, FileOperation operation);
}
