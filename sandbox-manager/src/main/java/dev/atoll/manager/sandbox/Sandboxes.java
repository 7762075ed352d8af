package dev.atoll.manager.sandbox;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.store.PageRequest;
import dev.atoll.manager.store.SandboxFilter;
import dev.atoll.manager.store.SandboxPage;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.Optional;

public class Sandboxes {
    public Created create(Caller caller, SandboxSpec spec, Optional<IdempotencyKey> key) {
        throw new UnsupportedOperationException();
    }

    public Sandbox get(Caller caller, SandboxId id) {
        throw new UnsupportedOperationException();
    }

    public Sandbox await(Caller caller, SandboxId id, Until until, Duration wait) {
        throw new UnsupportedOperationException();
    }

    public SandboxPage list(Caller caller, SandboxFilter filter, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    public Sandbox stop(Caller caller, SandboxId id) {
        throw new UnsupportedOperationException();
    }
}
