package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.journal.BoxEntry;
import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.SandboxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes orphans while no agent runs. What the next agent will take over stays, and so does every journal of a sandbox: the next agent
 * has to report what became of it.
 */
public final class OfflineSweep {
    private final SandboxRuntime runtime;
    private final HostJournal journal;
    private final Path boxes;
    private final Path sandboxes;
    private final Set<String> retained;
    private final String hostBoot;

    /**
     * @param boxes the directory of the files of boxes
     * @param sandboxes the directory of the files of sandboxes
     * @param retained the names of ended sandboxes whose files are kept
     * @param hostBoot what tells this boot of the host's kernel from others
     */
    public OfflineSweep(
            SandboxRuntime runtime,
            HostJournal journal,
            Path boxes,
            Path sandboxes,
            Set<String> retained,
            String hostBoot) {
        this.runtime = runtime;
        this.journal = journal;
        this.boxes = boxes;
        this.sandboxes = sandboxes;
        this.retained = Set.copyOf(retained);
        this.hostBoot = hostBoot;
    }

    /** Looks once; answers what it removed. The caller sees to it that no agent uses the directories meanwhile. */
    public List<OrphanSweep.Orphan> sweep() throws IOException {
        List<OrphanSweep.Orphan> removed = new ArrayList<>();
        Map<String, List<BoxEntry>> boxJournals = journal.boxes().read();
        Map<String, List<SandboxEntry>> sandboxJournals = journal.sandboxes().read();
        Set<String> kept = kept(boxJournals, sandboxJournals);
        Set<String> found = new TreeSet<>(boxJournals.keySet());
        runtime.list().forEach(box -> found.add(box.value()));
        found.addAll(PrivateDirectory.names(boxes));
        for (String name : found) {
            if (!kept.contains(name)) {
                BoxId.parse(name).ifPresent(runtime::destroy);
                PrivateDirectory.remove(boxes.resolve(name));
                journal.boxes().remove(name);
                removed.add(new OrphanSweep.Orphan("box", name));
            }
        }
        for (String name : PrivateDirectory.names(sandboxes)) {
            if (!sandboxJournals.containsKey(name) && !retained.contains(name)) {
                PrivateDirectory.remove(sandboxes.resolve(name));
                removed.add(new OrphanSweep.Orphan("sandbox", name));
            }
        }
        return List.copyOf(removed);
    }

    private Set<String> kept(Map<String, List<BoxEntry>> boxJournals, Map<String, List<SandboxEntry>> sandboxJournals) {
        Set<String> kept = new HashSet<>();
        boxJournals.forEach((name, entries) -> {
            Optional<FoundBox> box = FoundBox.of(entries);
            if (box.isPresent() && isWanted(box.get(), sandboxJournals)) {
                kept.add(name);
            }
        });
        return kept;
    }

    private boolean isWanted(FoundBox box, Map<String, List<SandboxEntry>> sandboxJournals) {
        boolean whole = box.isWhole() && box.begun().hostBoot().equals(hostBoot);
        boolean owned = box.claimedBy()
                .map(sandbox -> FoundSandbox.of(sandboxJournals.getOrDefault(sandbox.value(), List.of())))
                .map(sandbox -> sandbox.state() instanceof FoundSandbox.State.Running)
                .orElse(true);
        return whole && owned;
    }
}
