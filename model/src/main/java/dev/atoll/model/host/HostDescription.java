package dev.atoll.model.host;

import dev.atoll.model.id.HostId;
import java.util.List;

/**
 * A host as it describes itself.
 *
 * @param hostname its name, for people
 * @param runtimeVersion the version of runsc it runs
 * @param platform the gVisor platform: {@code systrap}, {@code kvm} or {@code ptrace}
 * @param features words for what its runtime can do, sorted
 * @param keeping what it keeps of commands
 */
public record HostDescription(
        HostId id,
        String hostname,
        String runtimeVersion,
        String platform,
        List<String> features,
        HostCapacity capacity,
        HostKeeping keeping) {
    public HostDescription {
        features = List.copyOf(features);
    }
}
