package dev.atoll.manager.session;

import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.SessionId;
import dev.atoll.model.session.ShellSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where shell sessions are kept, for as long as their sandbox is. Throws {@code database_unavailable}. Thread-safe. */
public interface SessionStore {
    /** False when there is one with this id already. */
    boolean insert(ShellSession session);

    Optional<ShellSession> find(SessionId id);

    /** Those of a sandbox, the oldest first. */
    List<ShellSession> of(SandboxId sandbox);

    /** Gives the session to {@code next}, if {@code last} is still the one that had it. */
    boolean claim(SessionId id, Optional<ExecId> last, ExecId next, Instant now);

    /** Takes back a claim of a command that was not started. */
    void release(SessionId id, ExecId claimed);

    /** False when there was none. */
    boolean delete(SessionId id);
}
