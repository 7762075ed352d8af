package dev.atoll.manager.key;

import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys in memory. */
public final class InMemoryKeyStore implements KeyStore {
    private final Map<String, StoredKey> keys = new HashMap<>();
    private @Nullable WorkspaceId first;

    @Override
    public synchronized Optional<StoredKey> find(String hash) {
        return Optional.ofNullable(keys.get(hash));
    }

    @Override
    public synchronized void insert(StoredKey key) {
        keys.put(key.hash(), key);
    }

    @Override
    public synchronized WorkspaceId firstWorkspace(WorkspaceId ifNone, Instant now) {
        if (first == null) {
            first = ifNone;
        }
        return first;
    }
}
