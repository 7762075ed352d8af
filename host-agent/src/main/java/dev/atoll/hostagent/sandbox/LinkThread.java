package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.exec.ExecEvents;
import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a link so that its end is heard of whatever ends it. */
final class LinkThread {
    private static final Logger LOG = LoggerFactory.getLogger(LinkThread.class);

    private LinkThread() {}

    static void run(SandboxId sandbox, GuestLink link, ExecEvents events) {
        try {
            link.run();
        } catch (RuntimeException e) {
            LOG.error("sandbox={} the link to its guest broke", sandbox, e);
            link.close();
            events.onDetached(new Detachment.TransportFailed(new IOException("the link broke", e)));
        }
    }
}
