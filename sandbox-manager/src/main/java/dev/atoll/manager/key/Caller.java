package dev.atoll.manager.key;

import dev.atoll.model.id.KeyId;
import dev.atoll.model.id.WorkspaceId;

/** Who makes a call: everything a use case does is confined to {@code workspace}. */
public record Caller(WorkspaceId workspace, KeyId key) {}
