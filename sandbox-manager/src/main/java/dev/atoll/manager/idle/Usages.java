package dev.atoll.manager.idle;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Clock;
import java.time.Duration;

/** Use cases on what sandboxes use of their hosts. Looking is no use of the sandbox. Thread-safe. */
public final class Usages {
    private final Sandboxes sandboxes;
    private final HostDirectory hosts;
    private final Clock clock;

    public Usages(Sandboxes sandboxes, HostDirectory hosts, Clock clock) {
        this.sandboxes = sandboxes;
        this.hosts = hosts;
        this.clock = clock;
    }

    /**
     * What a running sandbox has used in the time up to now, a sample for each step. Throws {@code sandbox_not_found}, {@code
     * sandbox_not_ready}, {@code sandbox_stopped} or {@code host_unavailable}.
     */
    public UsageSeries of(Caller caller, SandboxId id, Duration past, Duration step) {
        Sandbox sandbox = sandboxes.get(caller, id);
        switch (sandbox.state()) {
            case REQUESTED, PREPARING ->
                throw Problem.of(
                                ProblemCode.SANDBOX_NOT_READY, "The sandbox is not running yet.", "Wait until it runs.")
                        .withNext("GET /v1/sandboxes/" + id + "?until=running&wait=30s")
                        .asException();
            case STOPPING, STOPPED, FAILED ->
                throw Problem.of(
                                ProblemCode.SANDBOX_STOPPED,
                                "The sandbox has ended: what it used is not kept.",
                                "Ask while it runs; what its commands used is in their records.")
                        .withNext("GET /v1/sandboxes/" + id + "/execs")
                        .asException();
            case RUNNING -> {}
        }
        return hosts.client(sandbox.host().orElseThrow())
                .activity()
                .usage(id, clock.instant().minus(past), step);
    }
}
