package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.exec.ExecTable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The polite part of stopping a sandbox: commands that run get a SIGTERM and a moment. What follows ends them anyway. */
final class Stopping {
    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

    private Stopping() {}

    /** Returns when all processes have ended or the grace is over. A sandbox without running commands gets none. */
    static void quietly(SandboxPieces pieces, Duration grace) throws InterruptedException {
        ExecTable execs = pieces.execs();
        execs.closeStarts();
        if (execs.isIdle() || grace.isZero()) {
            return;
        }
        try {
            pieces.box().link().shutdown(grace);
            execs.events().detached().get(grace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.debug("a guest did not shut down within {}: {}", grace, e.toString());
        }
    }
}
