package dev.atoll.hostagent;

import dev.atoll.hostagent.pool.WarmPool;
import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.model.host.HostDescription;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A host agent at work. Its sandboxes outlive it: the next one takes them over. */
public final class HostAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostAgent.class);

    private final List<ServerServiceDefinition> services;
    private final HostDescription description;
    private final SandboxHost sandboxes;
    private final WarmPool pool;
    private final Parts parts;

    HostAgent(
            List<ServerServiceDefinition> services,
            HostDescription description,
            SandboxHost sandboxes,
            WarmPool pool,
            Parts parts) {
        this.services = List.copyOf(services);
        this.description = description;
        this.sandboxes = sandboxes;
        this.pool = pool;
        this.parts = parts;
    }

    /** The gRPC services, for any transport whose threads may block. */
    public List<ServerServiceDefinition> services() {
        return services;
    }

    /** What this host is and can carry. */
    public HostDescription description() {
        return description;
    }

    /** Takes every sandbox of this host down and makes no more. */
    public void drain() throws InterruptedException {
        sandboxes.stopAll();
    }

    /** Gives up what is kept ready for nobody yet, and lets go of the sandboxes, which go on. */
    @Override
    public void close() {
        pool.close();
        abandon();
    }

    /** Lets go of everything, as if this process had been killed. */
    void abandon() {
        sandboxes.leaveAll();
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
