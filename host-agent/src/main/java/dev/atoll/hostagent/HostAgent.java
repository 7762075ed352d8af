package dev.atoll.hostagent;

import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.model.host.HostDescription;
import io.grpc.BindableService;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A host agent at work. Closing it takes its sandboxes down first, then its parts in the reverse order of their start. */
public final class HostAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostAgent.class);

    private final BindableService service;
    private final HostDescription description;
    private final SandboxHost sandboxes;
    private final Parts parts;

    HostAgent(BindableService service, HostDescription description, SandboxHost sandboxes, Parts parts) {
        this.service = service;
        this.description = description;
        this.sandboxes = sandboxes;
        this.parts = parts;
    }

    /** The gRPC service, for any transport. Its calls do not block the transport's threads. */
    public BindableService service() {
        return service;
    }

    /** What this host is and can carry. */
    public HostDescription description() {
        return description;
    }

    /** Deletes the sandboxes of this host and stops. */
    @Override
    public void close() {
        try {
            sandboxes.stopAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        parts.close();
    }

    /**
     * Lets go of everything without taking a sandbox down, as if this process had been killed. The next start finds them in the journal.
     */
    void abandon() {
        parts.close();
    }

    /** What was opened, to be closed in reverse. */
    static final class Parts implements AutoCloseable {
        private final Deque<AutoCloseable> opened = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            opened.push(part);
            return part;
        }

        @Override
        public void close() {
            while (!opened.isEmpty()) {
                try {
                    opened.pop().close();
                } catch (Exception e) {
                    LOG.error("a part of the host agent could not be closed", e);
                }
            }
        }
    }
}
