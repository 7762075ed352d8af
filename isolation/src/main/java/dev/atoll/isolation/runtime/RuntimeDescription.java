package dev.atoll.isolation.runtime;

import java.util.List;
import java.util.Set;

/**
 * What a host's runtime is, for {@code GET /v1/capabilities} and for placement.
 *
 * @param name for example {@code runsc}
 * @param version the exact string that the runtime prints; checkpoints are tied to it
 * @param platform how system calls are intercepted
 * @param capabilities what it can do beyond the contract
 * @param weaknesses known defects of this version that a person should know, one sentence each
 */
public record RuntimeDescription(
        String name,
        String version,
        RuntimePlatform platform,
        Set<RuntimeCapability> capabilities,
        List<String> weaknesses) {

    public RuntimeDescription {
        capabilities = Set.copyOf(capabilities);
        weaknesses = List.copyOf(weaknesses);
    }
}
