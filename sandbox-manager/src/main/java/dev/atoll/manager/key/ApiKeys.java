package dev.atoll.manager.key;

import dev.atoll.model.id.WorkspaceId;

public class ApiKeys {
    public Caller authenticate(String presented) {
        throw new UnsupportedOperationException();
    }

    public ApiKey issue(WorkspaceId workspace, String label) {
        throw new UnsupportedOperationException();
    }
}
