package dev.atoll.manager.sandbox;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;

/** Finds the host of a caller's sandbox, for calls that go to the host. A running sandbox is found without the database. Thread-safe. */
public final class SandboxRoutes {
    private final SandboxCache cache;

    public SandboxRoutes(SandboxCache cache) {
        this.cache = cache;
    }

    /** The host on which the sandbox runs. Throws {@code sandbox_not_found}, {@code sandbox_not_ready} or {@code sandbox_stopped}. */
    public HostId toRunning(Caller caller, SandboxId id) {
        Sandbox sandbox = owned(caller, id);
        return switch (sandbox.state()) {
            case RUNNING -> sandbox.host().orElseThrow();
            case REQUESTED, PREPARING -> throw notReady(sandbox);
            case STOPPING, STOPPED, FAILED -> throw ended(sandbox);
        };
    }

    /**
     * The host that has, or had, the sandbox. Throws {@code sandbox_not_found}, {@code sandbox_not_ready}, or {@code sandbox_stopped} when
     * none ever had.
     */
    public HostId toHost(Caller caller, SandboxId id) {
        Sandbox sandbox = owned(caller, id);
        return switch (sandbox.state()) {
            case REQUESTED, PREPARING -> throw notReady(sandbox);
            case RUNNING, STOPPING, STOPPED, FAILED -> sandbox.host().orElseThrow(() -> ended(sandbox));
        };
    }

    /** What a host's not knowing the sandbox means: it has ended in the meantime, or the host lost it. */
    public ProblemException unknownToHost(Caller caller, SandboxId id) {
        Sandbox sandbox = cache.findFresh(id)
                .filter(found -> found.workspace().equals(caller.workspace()))
                .orElseThrow(() -> Sandboxes.notFound(id));
        return switch (sandbox.state()) {
            case STOPPING, STOPPED, FAILED -> ended(sandbox);
            case REQUESTED, PREPARING, RUNNING -> notReady(sandbox);
        };
    }

    /** What a host's not keeping what the sandbox said any longer, or not knowing it at all, means to someone who reads that. */
    public ProblemException notKept(Caller caller, SandboxId id) {
        Sandbox sandbox = cache.findFresh(id)
                .filter(found -> found.workspace().equals(caller.workspace()))
                .orElseThrow(() -> Sandboxes.notFound(id));
        return switch (sandbox.state()) {
            case REQUESTED, PREPARING, RUNNING -> notReady(sandbox);
            case STOPPING -> ended(sandbox);
            case STOPPED, FAILED -> sandbox.startedAt().isEmpty() ? ended(sandbox) : notKept(sandbox);
        };
    }

    /** Whether it has ended, as far as is known here. */
    public boolean hasEnded(SandboxId id) {
        return cache.find(id).filter(sandbox -> sandbox.state().isTerminal()).isPresent();
    }

    private Sandbox owned(Caller caller, SandboxId id) {
        return cache.find(id)
                .filter(sandbox -> sandbox.workspace().equals(caller.workspace()))
                .orElseThrow(() -> Sandboxes.notFound(id));
    }

    private static ProblemException notReady(Sandbox sandbox) {
        return Problem.of(ProblemCode.SANDBOX_NOT_READY, "The sandbox is not running yet.", "Wait until it runs.")
                .withNext("GET /v1/sandboxes/" + sandbox.id() + "?until=running&wait=30s")
                .asException();
    }

    private static ProblemException notKept(Sandbox sandbox) {
        String when = sandbox.endedAt().map(Object::toString).orElse("some time ago");
        return Problem.of(
                        ProblemCode.RETENTION_OVER,
                        "The sandbox ended at " + when + "; what it said is not kept any longer.",
                        "Read what is needed sooner after the end of a sandbox.")
                .withNext("GET /v1/sandboxes/" + sandbox.id())
                .asException();
    }

    private static ProblemException ended(Sandbox sandbox) {
        String why = sandbox.reason().map(EndReason::word).orElse("failed");
        String detail = "The sandbox has ended or is being stopped (" + why + ").";
        return Problem.of(ProblemCode.SANDBOX_STOPPED, detail, "Create another one; what was in it is gone.")
                .withNext("POST /v1/sandboxes")
                .asException();
    }
}
