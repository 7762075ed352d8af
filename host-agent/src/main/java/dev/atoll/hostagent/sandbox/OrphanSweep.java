package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes at start what an earlier life of this agent left: first every box, then the files of every sandbox, at last the journal that
 * named
 * them, so that a sweep that is cut short is simply made again. Boxes and directories that no journal names go as well: this agent is the
 * only
 * owner of its data directory and of its runtime's root.
 */
public final class OrphanSweep {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

    private final SandboxRuntime runtime;
    private final HostJournal journal;
    private final Path sandboxes;
    private final SandboxMetrics metrics;

    /**
     * What was found and removed.
     *
     * @param sandboxes those the journal named, to be reported as lost
     */
    public record Swept(List<Lost> sandboxes, int boxes, int directories) {}

    /** A sandbox that is no more. */
    public record Lost(SandboxId sandbox, long generation) {}

    public OrphanSweep(SandboxRuntime runtime, HostJournal journal, Path sandboxes, SandboxMetrics metrics) {
        this.runtime = runtime;
        this.journal = journal;
        this.sandboxes = sandboxes;
        this.metrics = metrics;
    }

    /** Sweeps; to be called before any sandbox is made. Twice is harmless. */
    public Swept sweep() throws IOException {
        List<HostJournal.Found> found = journal.read();
        Set<BoxId> boxes = new HashSet<>(runtime.list());
        found.forEach(each -> each.begun().ifPresent(begun -> boxes.add(begun.box())));
        for (BoxId box : boxes) {
            LOG.info("box={} of an earlier life is removed", box);
            runtime.destroy(box);
        }
        int directories = 0;
        for (Path directory : directories()) {
            SandboxPlace.remove(directory);
            directories++;
        }
        for (HostJournal.Found each : found) {
            journal.remove(each.sandbox());
        }
        metrics.orphansRemoved("box", boxes.size());
        metrics.orphansRemoved("directory", directories);
        metrics.orphansRemoved("sandbox", found.size());
        List<Lost> lost = found.stream()
                .map(each -> new Lost(each.sandbox(), each.generation()))
                .toList();
        return new Swept(lost, boxes.size(), directories);
    }

    private Set<Path> directories() throws IOException {
        Set<Path> found = new HashSet<>();
        if (Files.isDirectory(sandboxes)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(sandboxes)) {
                all.forEach(found::add);
            }
        }
        return found;
    }
}
