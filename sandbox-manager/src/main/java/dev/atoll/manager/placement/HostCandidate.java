package dev.atoll.manager.placement;

import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.HostId;

/** A host that takes sandboxes now. */
public record HostCandidate(HostId host, HostCapacity capacity) {}
