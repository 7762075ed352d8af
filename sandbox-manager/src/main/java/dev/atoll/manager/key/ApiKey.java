package dev.atoll.manager.key;

import dev.atoll.model.id.KeyId;
import dev.atoll.model.id.WorkspaceId;

/**
 * A key that has just been issued. This is the only moment at which its secret exists on our side.
 *
 * @param label what its owner calls it
 * @param secret what the owner sends as bearer token
 */
public record ApiKey(KeyId id, WorkspaceId workspace, String label, String secret) {
    /** Without the secret, so that no log line can hold it. */
    @Override
    public String toString() {
        return "ApiKey[" + id + ", " + workspace + "]";
    }
}
