package dev.atoll.manager.key;

import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Optional;

/** Where keys and workspaces are kept. Every method throws {@code database_unavailable} when the store cannot be reached. Thread-safe. */
public interface KeyStore {
    Optional<StoredKey> find(String hash);

    void insert(StoredKey key);

    /** The oldest workspace; {@code ifNone} is made and is it when there is none. */
    WorkspaceId firstWorkspace(WorkspaceId ifNone, Instant now);
}
