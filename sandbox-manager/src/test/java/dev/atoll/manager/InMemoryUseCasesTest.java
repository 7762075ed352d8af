package dev.atoll.manager;

import dev.atoll.manager.host.FakeHost;

final class InMemoryUseCasesTest extends UseCasesContract {
    private final ManagerStores stores = TestingManager.storesInMemory();

    @Override
    TestingManager open(FakeHost host) {
        return TestingManager.on(stores, host);
    }
}
