package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for how a sandbox came to be, or did not. */
record OwnerLog(SandboxId sandbox) {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxOwner.class);

    void made(HostedBox box, Prepared made, long tookNanos) {
        LOG.info(
                "sandbox={} box={} image={} runs after {} µs, start={} ({})",
                sandbox,
                box.id(),
                made.image(),
                tookNanos / 1_000,
                made.start().kind().word(),
                made.start().word());
    }

    void takenOver(Optional<HostedBox> box, long tookNanos) {
        LOG.info(
                "sandbox={} box={} is taken over from an earlier life within {} µs",
                sandbox,
                box.map(taken -> taken.id().value()).orElse("-"),
                tookNanos / 1_000);
    }

    void notMade(RuntimeException cause, boolean clean) {
        String rest = clean ? "" : ", and not all of it is undone";
        if (cause instanceof ProblemException problem) {
            LOG.warn("sandbox={} is not made{}: {}", sandbox, rest, problem.problem());
        } else {
            LOG.error("sandbox={} is not made{}", sandbox, rest, cause);
        }
    }
}
