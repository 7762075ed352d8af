package dev.atoll.manager.sandbox;

import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.store.ClaimedBox;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Sandbox;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes boxes that are kept ready before the rows of their sandboxes are written, so that one commit says of a sandbox that it is there and
 * that it runs. Between the two the host has a sandbox that is on record nowhere: whoever takes one writes it down right after, or gives it
 * back. Should neither happen, the reconciler finds it. Thread-safe.
 *
 * <p>A box that is given back is gone. So after one none is taken early for a while: who asks for what cannot be had, again and again,
 * empties no pool.
 */
final class EarlyClaims {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyClaims.class);
    private static final Duration REST = Duration.ofSeconds(5);

    private final HostDirectory hosts;
    private final Clock clock;
    private final Counter wasted;
    private volatile Instant restingUntil = Instant.MIN;

    EarlyClaims(HostDirectory hosts, Clock clock, MeterRegistry meters) {
        this.hosts = hosts;
        this.clock = clock;
        this.wasted = Counter.builder("atoll.claims.wasted")
                .description("Boxes that were taken for sandboxes which then were not made")
                .register(meters);
    }

    /**
     * A box for the sandbox, if one is ready. Only where there is one host to choose from: among several the store chooses, by what it
     * knows of them. A host that does not answer, or refuses, is left to the ordinary way, which asks it again.
     */
    Optional<ClaimedBox> take(Sandbox requested, List<HostCandidate> candidates) {
        if (candidates.size() != 1
                || !requested.spec().warm()
                || clock.instant().isBefore(restingUntil)) {
            return Optional.empty();
        }
        HostCandidate host = candidates.getFirst();
        try {
            return hosts.client(host.host())
                    .sandboxes()
                    .claim(requested.id(), generation(requested), requested.spec())
                    .map(made -> new ClaimedBox(host.host(), made.image(), made.start(), clock.instant()));
        } catch (ProblemException e) {
            LOG.info("sandbox={} no box is taken early: {}", requested.id(), e.getMessage());
            rest();
            return Optional.empty();
        }
    }

    /** The sandbox was not made. When this returns, its id may be used again. */
    void giveBack(Sandbox requested, ClaimedBox claimed) {
        rest();
        wasted.increment();
        try {
            hosts.client(claimed.host()).sandboxes().giveBack(requested.id(), generation(requested));
        } catch (ProblemException e) {
            LOG.warn("sandbox={} was not made, its box is left to the reconciler: {}", requested.id(), e.getMessage());
        }
    }

    /** Whether the sandbox was made is not known: the reconciler asks the store, and stops what is not there. */
    void leave(Sandbox requested) {
        rest();
        LOG.warn("sandbox={} has its box, and whether it is on record is not known", requested.id());
    }

    private void rest() {
        restingUntil = clock.instant().plus(REST);
    }

    /** The generation in which it would be prepared: should the host have done it and not be heard, it is asked for the same once more. */
    private static long generation(Sandbox requested) {
        return requested.generation() + 1;
    }
}
