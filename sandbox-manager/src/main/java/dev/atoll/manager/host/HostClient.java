package dev.atoll.manager.host;

import dev.atoll.model.host.HostDescription;

/** One host, as the control plane talks to it. Every call throws {@code host_unavailable} when it does not answer. Thread-safe. */
public interface HostClient {
    HostDescription describe();

    HostSandboxes sandboxes();

    HostExecs execs();

    HostFiles files();

    HostImages images();

    HostUpkeep upkeep();

    HostActivity activity();
}
