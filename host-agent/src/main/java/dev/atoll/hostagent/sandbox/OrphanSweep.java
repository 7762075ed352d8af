package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from this host what belongs to this agent and has no owner: boxes with their processes, mounts, control groups, files and
 * journals, and what is left of sandboxes. This agent is the only user of its data directory, of its runtime's root and of its control
 * group, and whoever makes something says so before it is there; so what is found first and then has no owner never gets one.
 *
 * <p>Thread-safe; twice is harmless.
 */
public final class OrphanSweep {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

    private final HostTools tools;
    private final SandboxHost host;

    /** Something that was removed: its kind is {@code box}, {@code sandbox} or {@code file}. */
    public record Orphan(String kind, String name) {}

    public OrphanSweep(HostTools tools, SandboxHost host) {
        this.tools = tools;
        this.host = host;
    }

    /** Looks once; answers what it removed. What cannot be removed now is logged, and found again the next time. */
    public synchronized List<Orphan> sweep() throws IOException {
        List<Orphan> removed = new ArrayList<>();
        Set<String> boxes = boxNames();
        Set<String> sandboxes = sandboxNames();
        for (String name : boxes) {
            Optional<BoxId> box = BoxId.parse(name);
            if (box.isEmpty() || !tools.boxes().roster().has(box.get())) {
                attempt("box", name, () -> removeBox(name, box), removed);
            }
        }
        for (String name : sandboxes) {
            Optional<SandboxId> sandbox = sandboxId(name);
            if (sandbox.isEmpty()) {
                attempt("file", name, () -> removeSandbox(name), removed);
            } else {
                host.ifUnowned(sandbox.get(), () -> {
                    if (!tools.retained().has(sandbox.get())) {
                        attempt("sandbox", name, () -> removeSandbox(name), removed);
                    }
                });
            }
        }
        return List.copyOf(removed);
    }

    /** Something that may fail. */
    private interface Removal {
        void run() throws IOException;
    }

    private void attempt(String kind, String name, Removal removal, List<Orphan> removed) {
        try {
            removal.run();
            LOG.warn("{}={} had no owner and is removed", kind, name);
            tools.metrics().orphanRemoved(kind);
            removed.add(new Orphan(kind, name));
        } catch (IOException | RuntimeException e) {
            LOG.error("{}={} has no owner and cannot be removed", kind, name, e);
        }
    }

    private void removeBox(String name, Optional<BoxId> box) throws IOException {
        box.ifPresent(id -> tools.boxes().runtime().destroy(id));
        PrivateDirectory.remove(tools.boxes().boxes().resolve(name));
        tools.boxes().journals().remove(name);
    }

    private void removeSandbox(String name) throws IOException {
        PrivateDirectory.remove(tools.sandboxes().resolve(name));
        tools.journals().remove(name);
    }

    private Set<String> boxNames() throws IOException {
        Set<String> names = new TreeSet<>();
        tools.boxes().runtime().list().forEach(box -> names.add(box.value()));
        names.addAll(tools.boxes().journals().names());
        names.addAll(PrivateDirectory.names(tools.boxes().boxes()));
        return names;
    }

    private Set<String> sandboxNames() throws IOException {
        Set<String> names = new TreeSet<>(tools.journals().names());
        names.addAll(PrivateDirectory.names(tools.sandboxes()));
        return names;
    }

    private static Optional<SandboxId> sandboxId(String name) {
        try {
            return Optional.of(new SandboxId(name));
        } catch (ProblemException stranger) {
            return Optional.empty();
        }
    }
}
