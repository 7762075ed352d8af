package dev.atoll.hostagent.sandbox;

import dev.atoll.model.id.SandboxId;
import java.nio.file.Path;

/**
 * Where the files of one sandbox lie that are not its box's.
 *
 * @param directory of this sandbox
 */
record SandboxPlace(Path directory) {
    static SandboxPlace of(Path sandboxes, SandboxId id) {
        return new SandboxPlace(sandboxes.resolve(id.value()));
    }

    /** Records and output of execs. */
    Path execs() {
        return directory.resolve("execs");
    }
}
