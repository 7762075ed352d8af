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
import java.util.Optional;
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

    /**
     * Stops on the host what nobody wants there. {@code recordDue}: it has been there for long enough to be on record, if it ever will be;
     * before, one that is on record nowhere may be about to be written down by whoever claimed its box.
     */
    void check(HostClient host, HostId id, HostObservation.Present present, boolean recordDue) {
        SandboxId sandbox = present.sandbox();
        Optional<Sandbox> found = store.find(sandbox);
        boolean wanted = found.map(known -> isWantedOn(id, known)).orElse(!recordDue);
        if (!wanted) {
            LOG.warn("sandbox={} is on host={} and nobody wants it there: it is stopped.", sandbox, id);
            meters.counter("atoll.reconcile.strays").increment();
            if (found.isPresent()) {
                host.sandboxes().stop(sandbox, present.generation() + 1);
            } else {
                // Nobody can ask for what it said.
                host.sandboxes().giveBack(sandbox, present.generation());
            }
        }
    }

    private static boolean isWantedOn(HostId host, Sandbox sandbox) {
        return !sandbox.state().isTerminal()
                && sandbox.host().filter(host::equals).isPresent();
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
