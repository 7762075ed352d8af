package dev.atoll.manager.reconcile;

import dev.atoll.manager.host.HostObservation;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a host's snapshot with what should be there. Pure. */
final class Comparison {
    private Comparison() {}

    /**
     * {@code desired} must have been read before the snapshot was asked for. A sandbox that was running by then is in the snapshot or lost;
     * one that has begun to run since is in neither, and must not be taken for lost. Sandboxes in passage are the outbox's business: their
     * effect is still to come.
     */
    static List<Finding> compare(Map<SandboxId, Sandbox> desired, Map<SandboxId, HostObservation.Present> observed) {
        List<Finding> findings = new ArrayList<>();
        desired.values().stream()
                .filter(sandbox -> sandbox.state() == SandboxState.RUNNING)
                .filter(sandbox -> !observed.containsKey(sandbox.id()))
                .forEach(sandbox -> findings.add(new Finding.Lost(sandbox)));
        observed.values().stream()
                .filter(present -> !desired.containsKey(present.sandbox()))
                .forEach(present -> findings.add(new Finding.Unexpected(present)));
        return findings;
    }
}
