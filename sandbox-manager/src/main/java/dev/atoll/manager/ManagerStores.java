package dev.atoll.manager;

import dev.atoll.manager.context.ContextStore;
import dev.atoll.manager.context.PostgresContextStore;
import dev.atoll.manager.database.Database;
import dev.atoll.manager.file.PostgresUrlStore;
import dev.atoll.manager.file.UrlStore;
import dev.atoll.manager.key.KeyStore;
import dev.atoll.manager.key.PostgresKeyStore;
import dev.atoll.manager.repeat.AnswerStore;
import dev.atoll.manager.repeat.PostgresAnswerStore;
import dev.atoll.manager.run.PostgresRunStore;
import dev.atoll.manager.run.RunStore;
import dev.atoll.manager.session.PostgresSessionStore;
import dev.atoll.manager.session.SessionStore;
import dev.atoll.manager.store.EffectQueue;
import dev.atoll.manager.store.EventStore;
import dev.atoll.manager.store.KeyedRequests;
import dev.atoll.manager.store.PostgresEffectQueue;
import dev.atoll.manager.store.PostgresEventStore;
import dev.atoll.manager.store.PostgresKeyedRequests;
import dev.atoll.manager.store.PostgresSandboxStore;
import dev.atoll.manager.store.PostgresSandboxTimes;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.store.SandboxTimes;
import dev.atoll.manager.store.SqlSessions;

/** Everything that is kept, wherever that is. */
record ManagerStores(
        SandboxStore sandboxes,
        EffectQueue effects,
        KeyedRequests requests,
        KeyStore keys,
        SessionStore sessions,
        ContextStore contexts,
        UrlStore urls,
        AnswerStore answers,
        RunStore runs,
        EventStore events,
        SandboxTimes times) {
    static ManagerStores in(Database database) {
        SqlSessions sessions = new SqlSessions(database.dataSource());
        return new ManagerStores(
                new PostgresSandboxStore(sessions),
                new PostgresEffectQueue(sessions),
                new PostgresKeyedRequests(sessions),
                new PostgresKeyStore(sessions),
                new PostgresSessionStore(sessions),
                new PostgresContextStore(sessions),
                new PostgresUrlStore(sessions),
                new PostgresAnswerStore(sessions),
                new PostgresRunStore(sessions),
                new PostgresEventStore(sessions),
                new PostgresSandboxTimes(sessions));
    }
}
