package dev.atoll.manager.session;

import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.SessionId;
import dev.atoll.model.session.ShellSession;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shell sessions in memory. */
public final class InMemorySessionStore implements SessionStore {
    private final Map<SessionId, ShellSession> sessions = new LinkedHashMap<>();

    @Override
    public synchronized boolean insert(ShellSession session) {
        return sessions.putIfAbsent(session.id(), session) == null;
    }

    @Override
    public synchronized Optional<ShellSession> find(SessionId id) {
        return Optional.ofNullable(sessions.get(id));
    }

    @Override
    public synchronized List<ShellSession> of(SandboxId sandbox) {
        return sessions.values().stream()
                .filter(session -> session.sandbox().equals(sandbox))
                .toList();
    }

    @Override
    public synchronized boolean claim(SessionId id, Optional<ExecId> last, ExecId next, Instant now) {
        ShellSession session = sessions.get(id);
        if (session == null || !session.exec().equals(last)) {
            return false;
        }
        sessions.put(id, with(session, Optional.of(next), Optional.of(now)));
        return true;
    }

    @Override
    public synchronized void release(SessionId id, ExecId claimed) {
        sessions.computeIfPresent(
                id,
                (_, session) -> session.exec().equals(Optional.of(claimed))
                        ? with(session, Optional.empty(), Optional.empty())
                        : session);
    }

    @Override
    public synchronized boolean delete(SessionId id) {
        return sessions.remove(id) != null;
    }

    private static ShellSession with(ShellSession session, Optional<ExecId> exec, Optional<Instant> at) {
        return new ShellSession(
                session.id(),
                session.sandbox(),
                session.spec(),
                session.shell(),
                session.cwd(),
                session.createdAt(),
                exec,
                at);
    }
}
