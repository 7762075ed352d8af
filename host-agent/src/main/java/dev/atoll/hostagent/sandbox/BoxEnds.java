package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.isolation.guest.Detachment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what the end of a link to a guest says about its box, which may end a moment later and then knows better. */
final class BoxEnds {
    private static final Logger LOG = LoggerFactory.getLogger(BoxEnds.class);

    /** After a guest has gone in order, its box ends by itself within this time or is ended. */
    private static final Duration EXIT_AFTER_GOODBYE = Duration.ofSeconds(5);

    private BoxEnds() {}

    /**
     * A guest that has left in order is followed by its box, which says itself how it ended: then empty. Any other detachment leaves a box
     * that nobody can use.
     */
    static Optional<SandboxEnd> after(Detachment why, HostedBox box) {
        if (box.exit().isDone()) {
            return Optional.empty();
        }
        if (why instanceof Detachment.ShutDown) {
            try {
                box.exit().get(EXIT_AFTER_GOODBYE.toNanos(), TimeUnit.NANOSECONDS);
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("box={} outlives its guest", box.id());
            }
        }
        return Optional.of(SandboxEnd.of(why));
    }

    /** The reason why a box ended may come a moment after the broken link that it caused. */
    static SandboxEnd settled(SandboxEnd end, Optional<HostedBox> box) throws InterruptedException {
        if (!end.guessed() || box.isEmpty()) {
            return end;
        }
        try {
            return SandboxEnd.of(box.get().exit().get(1, TimeUnit.SECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return end;
        }
    }
}
