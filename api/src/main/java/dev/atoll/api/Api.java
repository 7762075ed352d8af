package dev.atoll.api;

import dev.atoll.api.context.ContextRoutes;
import dev.atoll.api.context.RunRoutes;
import dev.atoll.api.exec.ExecRoutes;
import dev.atoll.api.exec.OutputFollowing;
import dev.atoll.api.exec.OutputRoutes;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.RouteTable;
import dev.atoll.api.image.ImageRoutes;
import dev.atoll.api.operations.OperationsRoutes;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.api.session.SessionRoutes;
import dev.atoll.manager.context.CodeContexts;
import dev.atoll.manager.context.ContextRuns;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.health.Readiness;
import dev.atoll.manager.host.Hosts;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.session.ShellSessions;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.stream.Stream;

/** Every route over the use cases it calls: the one table that the server listens with. */
public final class Api {
    private Api() {}

    public static RouteTable routes(
            String version,
            Sandboxes sandboxes,
            Execs execs,
            ShellSessions sessions,
            CodeContexts contexts,
            ContextRuns runs,
            OutputFollowing following,
            Images images,
            Hosts hosts,
            Readiness health,
            PrometheusMeterRegistry metrics) {
        ExecRoutes execRoutes = new ExecRoutes(execs);
        Stream<List<Route>> features = Stream.of(
                new SandboxRoutes(sandboxes, images).routes(),
                execRoutes.routes(),
                new SessionRoutes(sessions, execRoutes).routes(),
                new ContextRoutes(contexts).routes(),
                new RunRoutes(runs).routes(),
                new OutputRoutes(execs, following).routes(),
                new ImageRoutes(images).routes(),
                new OperationsRoutes(version, hosts, health, metrics).routes());
        return new RouteTable(features.flatMap(List::stream).toList());
    }
}
