package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.Acknowledger;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link to a sandbox's guest, once there is one. Thread-safe. */
public final class GuestHold {
    private static final Logger LOG = LoggerFactory.getLogger(GuestHold.class);

    private final AtomicReference<@Nullable GuestLink> link = new AtomicReference<>();

    public void set(GuestLink attached) {
        link.set(attached);
    }

    /** Throws {@code sandbox_not_ready} when there is none yet. */
    GuestLink link() {
        GuestLink held = link.get();
        if (held == null) {
            throw Problem.of(
                            ProblemCode.SANDBOX_NOT_READY,
                            "The sandbox is still being prepared.",
                            "Wait until it runs.")
                    .asException();
        }
        return held;
    }

    /** The guest cannot be spoken to: the sandbox is ending, whoever notices first. */
    ProblemException lost(Exception cause) {
        return new ProblemException(
                Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox has just ended.", "Create a new one."), cause);
    }

    /** Acknowledges to the guest what is kept of an exec's output. */
    Acknowledger acknowledger(int number) {
        return (StdStream stream, long offset) -> {
            GuestLink held = link.get();
            if (held != null) {
                try {
                    held.acknowledge(number, stream, offset);
                } catch (IOException gone) {
                    LOG.trace("exec {} is not acknowledged: the link has ended, as its listener hears", number);
                }
            }
        };
    }
}
