package dev.atoll.api;

import dev.atoll.api.attach.AttachRoutes;
import dev.atoll.api.batch.BatchRoutes;
import dev.atoll.api.context.ContextRoutes;
import dev.atoll.api.context.ContextRunRoutes;
import dev.atoll.api.event.EventFollowing;
import dev.atoll.api.event.EventRoutes;
import dev.atoll.api.exec.ExecRoutes;
import dev.atoll.api.exec.OutputRoutes;
import dev.atoll.api.exec.TerminalRoutes;
import dev.atoll.api.exec.ViewRoutes;
import dev.atoll.api.file.ArchiveRoutes;
import dev.atoll.api.file.FileChangeRoutes;
import dev.atoll.api.file.FileRoutes;
import dev.atoll.api.file.UrlRoutes;
import dev.atoll.api.file.WatchFollowing;
import dev.atoll.api.file.WatchRoutes;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.RouteTable;
import dev.atoll.api.image.ImageRoutes;
import dev.atoll.api.life.LifetimeRoutes;
import dev.atoll.api.life.UsageRoutes;
import dev.atoll.api.operations.OperationsRoutes;
import dev.atoll.api.repeat.KeyedAnswers;
import dev.atoll.api.run.RunRoutes;
import dev.atoll.api.sandbox.DescribeRoutes;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.api.session.SessionRoutes;
import dev.atoll.manager.AgentParts;
import dev.atoll.manager.FileParts;
import dev.atoll.manager.LifeParts;
import dev.atoll.manager.context.ContextParts;
import dev.atoll.manager.exec.Attachments;
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
            LifeParts life,
            EventFollowing eventFollowing,
            ShellSessions sessions,
            ContextParts contexts,
            Attachments attachments,
            AttachRoutes attaching,
            FileParts files,
            WatchFollowing watchFollowing,
            AgentParts agents,
            Images images,
            Hosts hosts,
            Readiness health,
            PrometheusMeterRegistry metrics) {
        KeyedAnswers answers = new KeyedAnswers(files.repeats());
        SandboxRoutes sandboxRoutes = new SandboxRoutes(sandboxes, images, life.lifetimes());
        ExecRoutes execRoutes = new ExecRoutes(execs, agents.views(), agents.advisor());
        Stream<List<Route>> features = Stream.of(
                sandboxRoutes.routes(),
                new LifetimeRoutes(life.lifetimes(), sandboxRoutes).routes(),
                new EventRoutes(life.events(), eventFollowing).routes(),
                new UsageRoutes(life.usages()).routes(),
                new DescribeRoutes(agents.descriptions()).routes(),
                execRoutes.routes(),
                new SessionRoutes(sessions, execRoutes).routes(),
                new ContextRoutes(contexts.contexts()).routes(),
                new ContextRunRoutes(contexts.runs()).routes(),
                new TerminalRoutes(execs).routes(),
                new ViewRoutes(execs, agents.views(), agents.advisor()).routes(),
                new RunRoutes(agents.runs(), agents.advisor()).routes(),
                new FileRoutes(files.files()).routes(),
                new FileChangeRoutes(files.files(), files.edits(), answers).routes(),
                new WatchRoutes(files.watches(), watchFollowing).routes(),
                new ArchiveRoutes(files.files()).routes(),
                new UrlRoutes(files.files(), files.urls(), answers).routes(),
                new BatchRoutes(files.batch(), execs, answers).routes(),
                new OutputRoutes(execs, attachments).routes(),
                attaching.routes(),
                new ImageRoutes(images).routes(),
                new OperationsRoutes(version, hosts, health, metrics).routes());
        return new RouteTable(features.flatMap(List::stream).toList());
    }
}
