package dev.atoll.manager.health;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;

/** Tells what keeps requests from being served. Thread-safe. */
public final class Readiness {
    private final SandboxStore store;
    private final HostDirectory hosts;

    public Readiness(SandboxStore store, HostDirectory hosts) {
        this.store = store;
        this.hosts = hosts;
    }

    /** Everything that is in the way right now; empty when nothing is. Asks the database. */
    public List<Problem> obstacles() {
        List<Problem> obstacles = new ArrayList<>();
        try {
            store.nextExpiry();
        } catch (ProblemException e) {
            obstacles.add(e.problem());
        }
        if (hosts.candidates().isEmpty()) {
            obstacles.add(Problem.of(
                    ProblemCode.HOST_UNAVAILABLE, "No host is connected.", "See the log of the host agent."));
        }
        return obstacles;
    }
}
