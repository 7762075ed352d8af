package dev.atoll.api.http;

import dev.atoll.manager.key.KeyStore;
import dev.atoll.manager.key.StoredKey;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keys in memory. */
final class RecordedKeys implements KeyStore {
    private final Map<String, StoredKey> keys = new ConcurrentHashMap<>();

    @Override
    public Optional<StoredKey> find(String hash) {
        return Optional.ofNullable(keys.get(hash));
    }

    @Override
    public void insert(StoredKey key) {
        keys.put(key.hash(), key);
    }

    @Override
    public WorkspaceId firstWorkspace(WorkspaceId ifNone, Instant now) {
        return ifNone;
    }
}
