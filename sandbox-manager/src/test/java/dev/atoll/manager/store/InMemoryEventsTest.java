package dev.atoll.manager.store;

final class InMemoryEventsTest extends EventsContract {
    private final InMemoryStore store = new InMemoryStore();

    @Override
    SandboxStore store() {
        return store;
    }

    @Override
    EffectQueue effects() {
        return store;
    }

    @Override
    EventStore events() {
        return store.events();
    }

    @Override
    SandboxTimes times() {
        return store.times();
    }

    @Override
    void settle() {}
}
