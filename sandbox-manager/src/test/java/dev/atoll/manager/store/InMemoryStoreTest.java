package dev.atoll.manager.store;

final class InMemoryStoreTest extends SandboxStoreContract {
    private final InMemoryStore store = new InMemoryStore();

    @Override
    SandboxStore store() {
        return store;
    }

    @Override
    EffectQueue effects() {
        return store;
    }
}
