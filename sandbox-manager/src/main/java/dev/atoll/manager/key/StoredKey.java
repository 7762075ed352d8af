package dev.atoll.manager.key;

import dev.atoll.model.id.KeyId;
import dev.atoll.model.id.WorkspaceId;
import java.time.Instant;

/**
 * What is kept of a key.
 *
 * @param hash SHA-256 of the secret, in hexadecimal
 */
public record StoredKey(KeyId id, WorkspaceId workspace, String label, String hash, Instant createdAt) {}
