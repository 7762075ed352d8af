package dev.atoll.manager.reconcile;

import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.HostObservation;
import dev.atoll.manager.store.SandboxStore;
import dev.atoll.manager.transition.SandboxTransitions;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mends differences between what should be on a host and what is there. May block; throws what the store and the host throw. */
final class HostReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(HostReconciler.class);

    private final SandboxStore store;
    private final SandboxTransitions transitions;
    private final MeterRegistry meters;

    HostReconciler(SandboxStore store, SandboxTransitions transitions, MeterRegistry meters) {
        this.store = store;
        this.transitions = transitions;
        this.meters = meters;
    }

    void ended(HostObservation.Ended ended) {
        transitions.apply(ended.sandbox(), new SandboxEvent.Ended(ended.reason(), ended.detail()));
    }

    /** Gives up everything on a host that has been silent for too long. */
    void loseAll(HostId host) {
        store.liveOn(host).forEach(sandbox -> lose(sandbox, "the host does not answer"));
    }

    /** Stops on the host what nobody wants there. */
    void check(HostClient host, HostId id, HostObservation.Present present) {
        SandboxId sandbox = present.sandbox();
        boolean wanted = store.find(sandbox)
                .filter(found -> !found.state().isTerminal())
                .filter(found -> found.host().filter(id::equals).isPresent())
                .isPresent();
        if (!wanted) {
            LOG.warn("sandbox={} is on host={} and nobody wants it there: it is stopped.", sandbox, id);
            meters.counter("atoll.reconcile.strays").increment();
            host.sandboxes().stop(sandbox, present.generation() + 1);
        }
    }

    /** Gives up one sandbox, if it is still as it was when it was missed. */
    void lose(Sandbox sandbox, String detail) {
        boolean gone = transitions
                .applyIfUnmoved(sandbox, new SandboxEvent.HostLost(detail))
                .isPresent();
        if (gone) {
            meters.counter("atoll.reconcile.lost").increment();
        }
    }
}
