package dev.atoll.manager.exec;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.SandboxCache;
import dev.atoll.manager.sandbox.SandboxRoutes;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.function.Function;

/**
 * The execs of a sandbox on whatever host it is, for use cases that make several calls. Throws what {@link Execs} throws about sandboxes.
 * Thread-safe.
 */
public final class SandboxExecs {
    private final SandboxRoutes routes;
    private final SandboxCache cache;
    private final HostDirectory hosts;

    public SandboxExecs(SandboxRoutes routes, SandboxCache cache, HostDirectory hosts) {
        this.routes = routes;
        this.cache = cache;
        this.hosts = hosts;
    }

    /** On a sandbox of the caller's that runs. */
    public <T> T running(Caller caller, SandboxId sandbox, Function<HostExecs, T> call) {
        return on(caller, sandbox, routes.toRunning(caller, sandbox), call);
    }

    /** On a sandbox of the caller's that runs or ran. */
    public <T> T known(Caller caller, SandboxId sandbox, Function<HostExecs, T> call) {
        return on(caller, sandbox, routes.toHost(caller, sandbox), call);
    }

    /** For what the platform does by itself, when a time has come. */
    public <T> T unasked(SandboxId sandbox, Function<HostExecs, T> call) {
        HostId host = cache.find(sandbox)
                .flatMap(found -> found.host())
                .orElseThrow(() -> Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "There is no sandbox " + sandbox + ".")
                        .asException());
        return call.apply(hosts.client(host).execs());
    }

    /** A host that does not know the sandbox is ahead of what is known here: the store says what has become of it. */
    private <T> T on(Caller caller, SandboxId sandbox, HostId host, Function<HostExecs, T> call) {
        try {
            return call.apply(hosts.client(host).execs());
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SANDBOX_NOT_FOUND) {
                throw routes.unknownToHost(caller, sandbox);
            }
            throw e;
        }
    }
}
