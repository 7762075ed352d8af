package dev.atoll.manager.run;

final class InMemoryRunStoreTest extends RunStoreContract {
    private final InMemoryRunStore store = new InMemoryRunStore();

    @Override
    RunStore store() {
        return store;
    }
}
