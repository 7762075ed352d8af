package dev.atoll.manager.host;

import dev.atoll.model.host.HostDescription;
import java.util.List;

/** Use cases on hosts. */
public final class Hosts {
    private final HostDirectory directory;

    public Hosts(HostDirectory directory) {
        this.directory = directory;
    }

    /** Every connected host as it describes itself. */
    public List<HostDescription> describe() {
        return directory.descriptions();
    }
}
