package dev.atoll.manager.sandbox;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import java.time.Duration;
import java.util.List;

/** Empties the platform before it goes for good: no sandbox is made any more, and those there are end. Thread-safe. */
public final class Draining {
    private final SandboxStore store;
    private final SandboxTransitions transitions;
    private final SandboxWaiters waiters;
    private final HostDirectory hosts;
    private volatile boolean draining;

    public Draining(SandboxStore store, SandboxTransitions transitions, SandboxWaiters waiters, HostDirectory hosts) {
        this.store = store;
        this.transitions = transitions;
        this.waiters = waiters;
        this.hosts = hosts;
    }

    /** Throws {@code shutting_down} once draining has begun. */
    void requireOpen() {
        if (draining) {
            throw Problem.of(
                            ProblemCode.SHUTTING_DOWN,
                            "The platform is being emptied and makes no sandbox any more.",
                            "Ask again when it is back.")
                    .asException();
        }
    }

    /**
     * Asks for the end of every sandbox on the connected hosts, with the reason {@code evicted}, and waits until all have ended or {@code
     * patience} is over. Answers how many have not.
     */
    public int drain(Duration patience) {
        draining = true;
        long until = System.nanoTime() + patience.toNanos();
        for (Sandbox sandbox : live()) {
            var _ = transitions.apply(sandbox.id(), new SandboxEvent.StopRequested(EndReason.EVICTED));
        }
        for (Sandbox sandbox : live()) {
            Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
            var _ = waiters.await(sandbox.id(), seen -> seen.state().isTerminal(), left);
        }
        return live().size();
    }

    private List<Sandbox> live() {
        return hosts.descriptions().stream()
                .map(HostDescription::id)
                .flatMap(host -> store.liveOn(host).stream())
                .toList();
    }
}
