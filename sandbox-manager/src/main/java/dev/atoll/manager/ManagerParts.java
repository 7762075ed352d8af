package dev.atoll.manager;

import dev.atoll.manager.admission.AdmissionQueue;
import dev.atoll.manager.context.ContextParts;
import dev.atoll.manager.event.EventBell;
import dev.atoll.manager.event.Events;
import dev.atoll.manager.event.NewsCollector;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.exec.SandboxExecs;
import dev.atoll.manager.exec.SignalOnce;
import dev.atoll.manager.health.Readiness;
import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.Hosts;
import dev.atoll.manager.idle.IdleWatch;
import dev.atoll.manager.idle.Lifetimes;
import dev.atoll.manager.idle.Usages;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.key.ApiKeys;
import dev.atoll.manager.outbox.OutboxWorker;
import dev.atoll.manager.placement.Placement;
import dev.atoll.manager.reconcile.Reconciler;
import dev.atoll.manager.sandbox.Draining;
import dev.atoll.manager.sandbox.SandboxCache;
import dev.atoll.manager.sandbox.SandboxRoutes;
import dev.atoll.manager.sandbox.SandboxWaiters;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.manager.transition.Commits;
import dev.atoll.manager.transition.LifecycleLog;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.id.Ids;
import java.util.List;

/** The parts of the control plane, put together and not yet started. */
record ManagerParts(
        Sandboxes sandboxes,
        Execs execs,
        ShellSessions sessions,
        ContextParts contexts,
        AgentParts agents,
        FileParts files,
        Images images,
        Hosts hosts,
        Draining draining,
        ApiKeys keys,
        Readiness readiness,
        LifeParts life,
        OutboxWorker outbox,
        Reconciler reconciler) {

    static ManagerParts assemble(
            ManagerSettings settings, ManagerStores stores, List<HostClient> hosts, ManagerSurroundings around) {
        HostDirectory directory = new HostDirectory();
        Commits commits = new Commits();
        SandboxTransitions transitions = new SandboxTransitions(
                stores.sandboxes(), commits, around.clock(), settings.outbox().lease());
        SandboxCache cache = new SandboxCache(stores.sandboxes(), around.clock(), settings.sandbox());
        SandboxWaiters waiters =
                new SandboxWaiters(stores.sandboxes(), settings.sandbox().reReadEvery());
        Images images = new Images(directory, around.clock());
        Ids ids = new Ids(around.random());
        OutboxWorker outbox = outbox(settings, stores, directory, transitions, around);
        AdmissionQueue admission = new AdmissionQueue(settings.admission(), around.threads(), around.meters());
        EventBell bell = new EventBell();
        IdleWatch idle = idle(stores, bell, directory, transitions, around);
        // Who is waited for first hears first; the log comes last.
        List.of(cache, waiters, outbox, admission, bell, idle).forEach(commits::addListener);
        Reconciler reconciler = reconciler(settings, stores, hosts, directory, bell, transitions, commits, around);
        commits.addListener(new LifecycleLog(around.meters(), around.clock()));
        around.meters().gauge("atoll.sandbox.waiters", waiters, SandboxWaiters::size);
        Draining draining = new Draining(stores.sandboxes(), transitions, waiters, directory);
        Sandboxes sandboxes = new Sandboxes(
                stores.sandboxes(),
                transitions,
                commits,
                cache,
                waiters,
                directory,
                new Placement(settings.placement()),
                images,
                draining,
                admission,
                ids,
                around.clock(),
                settings.outbox().lease(),
                settings.sandbox().maxWait(),
                around.meters());
        SandboxRoutes routes = new SandboxRoutes(cache);
        SandboxExecs inSandboxes = new SandboxExecs(routes, cache, directory);
        Execs execs = new Execs(routes, directory, new SignalOnce(stores.requests(), around.clock()), ids);
        FileParts files = FileParts.assemble(routes, directory, execs, stores, around);
        return new ManagerParts(
                sandboxes,
                execs,
                new ShellSessions(inSandboxes, stores.sessions(), ids, around.clock(), around.meters()),
                ContextParts.assemble(
                        inSandboxes, stores.contexts(), ids, around.timers(), around.clock(), around.meters()),
                AgentParts.assemble(
                        settings.run(), stores.runs(), sandboxes, execs, images, files.files(), ids, around),
                files,
                images,
                new Hosts(directory),
                draining,
                new ApiKeys(stores.keys(), ids, around.random(), around.clock()),
                new Readiness(stores.sandboxes(), directory),
                life(settings, stores, directory, sandboxes, bell, idle, around),
                outbox,
                reconciler);
    }

    private static IdleWatch idle(
            ManagerStores stores,
            EventBell bell,
            HostDirectory directory,
            SandboxTransitions transitions,
            ManagerSurroundings around) {
        return new IdleWatch(
                stores.sandboxes(),
                stores.times(),
                stores.events(),
                bell,
                directory,
                transitions,
                around.timers(),
                around.clock());
    }

    private static Reconciler reconciler(
            ManagerSettings settings,
            ManagerStores stores,
            List<HostClient> hosts,
            HostDirectory directory,
            EventBell bell,
            SandboxTransitions transitions,
            Commits commits,
            ManagerSurroundings around) {
        return new Reconciler(
                hosts,
                directory,
                stores.sandboxes(),
                stores.effects(),
                stores.requests(),
                stores.events(),
                stores.times(),
                warned -> bell.ring(warned.id(), warned.workspace()),
                transitions,
                commits,
                around.timers(),
                around.clock(),
                around.threads(),
                around.random(),
                settings.reconcile(),
                around.meters());
    }

    private static LifeParts life(
            ManagerSettings settings,
            ManagerStores stores,
            HostDirectory directory,
            Sandboxes sandboxes,
            EventBell bell,
            IdleWatch idle,
            ManagerSurroundings around) {
        around.meters().gauge("atoll.events.waiters", bell, EventBell::size);
        around.meters().gauge("atoll.idle.watched", idle, IdleWatch::size);
        return new LifeParts(
                new Events(stores.events(), bell, sandboxes, settings.sandbox().maxWait()),
                new Lifetimes(sandboxes, stores.times(), directory, bell, idle, around.clock()),
                new Usages(sandboxes, directory, around.clock()),
                idle,
                new NewsCollector(
                        directory,
                        stores.events(),
                        bell,
                        around.timers(),
                        around.clock(),
                        settings.news(),
                        around.meters()));
    }

    private static OutboxWorker outbox(
            ManagerSettings settings,
            ManagerStores stores,
            HostDirectory directory,
            SandboxTransitions transitions,
            ManagerSurroundings around) {
        return new OutboxWorker(
                directory,
                stores.sandboxes(),
                stores.effects(),
                transitions,
                around.threads(),
                around.timers(),
                around.clock(),
                around.random(),
                settings.outbox(),
                around.meters());
    }
}
