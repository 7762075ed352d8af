package dev.atoll.manager;

import dev.atoll.manager.context.InMemoryContextStore;
import dev.atoll.manager.file.InMemoryUrlStore;
import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.key.InMemoryKeyStore;
import dev.atoll.manager.repeat.InMemoryAnswers;
import dev.atoll.manager.run.InMemoryRunStore;
import dev.atoll.manager.session.InMemorySessionStore;
import dev.atoll.manager.store.InMemoryStore;

final class InMemoryUseCasesTest extends UseCasesContract {
    private final InMemoryStore store = new InMemoryStore();
    private final ManagerStores stores = new ManagerStores(
            store,
            store,
            store,
            new InMemoryKeyStore(),
            new InMemorySessionStore(),
            new InMemoryContextStore(),
            new InMemoryUrlStore(),
            new InMemoryAnswers(),
            new InMemoryRunStore(),
            store.events(),
            store.times());

    @Override
    TestingManager open(FakeHost host) {
        return TestingManager.on(stores, host);
    }
}
