package dev.atoll.api;

import dev.atoll.api.event.EventFollowing;
import dev.atoll.api.event.EventRoutes;
import dev.atoll.api.exec.ExecRoutes;
import dev.atoll.api.exec.OutputFollowing;
import dev.atoll.api.exec.OutputRoutes;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.RouteTable;
import dev.atoll.api.image.ImageRoutes;
import dev.atoll.api.life.LifetimeRoutes;
import dev.atoll.api.life.UsageRoutes;
import dev.atoll.api.operations.OperationsRoutes;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.LifeParts;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.health.Readiness;
import dev.atoll.manager.host.Hosts;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.sandbox.Sandboxes;
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
            OutputFollowing following,
            LifeParts life,
            EventFollowing eventFollowing,
            Images images,
            Hosts hosts,
            Readiness health,
            PrometheusMeterRegistry metrics) {
        SandboxRoutes sandboxRoutes = new SandboxRoutes(sandboxes, images, life.lifetimes());
        Stream<List<Route>> features = Stream.of(
                sandboxRoutes.routes(),
                new LifetimeRoutes(life.lifetimes(), sandboxRoutes).routes(),
                new EventRoutes(life.events(), eventFollowing).routes(),
                new UsageRoutes(life.usages()).routes(),
                new ExecRoutes(execs).routes(),
                new OutputRoutes(execs, following).routes(),
                new ImageRoutes(images).routes(),
                new OperationsRoutes(version, hosts, health, metrics).routes());
        return new RouteTable(features.flatMap(List::stream).toList());
    }
}
