package dev.atoll.model.session;

import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * A shell session as it is kept. What its commands have left lies in the sandbox.
 *
 * @param shell what runs its commands
 * @param cwd the absolute directory in which its first command runs
 * @param exec the last command, or the one that runs
 * @param claimedAt when that was begun
 */
public record ShellSession(
        SessionId id,
        SandboxId sandbox,
        SessionSpec spec,
        SessionShell shell,
        String cwd,
        Instant createdAt,
        Optional<ExecId> exec,
        Optional<Instant> claimedAt) {

    /** The directory in the sandbox that holds its state, which only its user can read. */
    public String directory() {
        return directory(id);
    }

    public static String directory(SessionId id) {
        return "/tmp/.atoll-" + id;
    }
}
