package dev.atoll.manager.host;

import dev.atoll.model.host.HostPool;
import java.util.List;
import java.util.Map;

/** What a host does for itself. */
public interface HostUpkeep {
    /** What it keeps ready, by image and size. */
    List<HostPool> pools();

    /** Has it remove at once what its agent owns and nobody uses; answers how many of which kind there were. */
    Map<String, Long> sweep();
}
