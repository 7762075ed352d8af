package dev.atoll.manager.host;

import dev.atoll.model.host.HostDescription;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Use cases on hosts. Thread-safe. */
public final class Hosts {
    private final HostDirectory directory;

    public Hosts(HostDirectory directory) {
        this.directory = directory;
    }

    /** A connected host as it describes itself, and what it keeps ready now. */
    public record Seen(HostDescription description, List<HostPool> pools) {
        public Seen {
            pools = List.copyOf(pools);
        }
    }

    /** Every connected host. One that does not answer right now keeps nothing ready that could be told of. */
    public List<Seen> look() {
        return directory.descriptions().stream()
                .map(description -> new Seen(description, pools(description.id())))
                .toList();
    }

    private List<HostPool> pools(HostId host) {
        try {
            return directory.client(host).upkeep().pools();
        } catch (ProblemException silent) {
            return List.of();
        }
    }

    /**
     * Has every connected host remove at once what its agent owns and nobody uses; answers how many of which kind there were, by host.
     * Throws {@code host_unavailable}.
     */
    public Map<HostId, Map<String, Long>> sweep() {
        Map<HostId, Map<String, Long>> removed = new LinkedHashMap<>();
        for (HostDescription description : directory.descriptions()) {
            removed.put(
                    description.id(),
                    directory.client(description.id()).upkeep().sweep());
        }
        return removed;
    }
}
