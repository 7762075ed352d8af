package dev.atoll.manager;

import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sandboxes to ask for, usual but for one thing. */
final class TestingSpecs {
    private TestingSpecs() {}

    static SandboxSpec spec() {
        return spec(Duration.ofHours(1));
    }

    static SandboxSpec spec(Duration ttl) {
        return spec(Optional.empty(), "base", "256Mi", ttl);
    }

    static SandboxSpec named(String name) {
        return spec(Optional.of(name), "base", "256Mi", Duration.ofHours(1));
    }

    static SandboxSpec image(String image) {
        return spec(Optional.empty(), image, "256Mi", Duration.ofHours(1));
    }

    static SandboxSpec memory(String memory) {
        return spec(Optional.empty(), "base", memory, Duration.ofHours(1));
    }

    private static SandboxSpec spec(Optional<String> name, String image, String memory, Duration ttl) {
        return new SandboxSpec(
                name,
                new ImageName(image),
                SandboxSize.of(new CpuAmount(500), MemorySize.parse(memory)),
                ttl,
                Map.of(),
                Map.of(),
                true);
    }
}
