package dev.atoll.model.sandbox;

import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for. Checked against {@link SandboxLimits}; nothing here reaches the runtime except through typed fields.
 *
 * @param name unique among the live sandboxes of a workspace, if given
 * @param image the image by name; which content that was is fixed when the sandbox is prepared
 * @param cpu how much CPU it may use at most
 * @param memory how much memory it sees
 * @param ttl how long it may live, counted from its creation
 * @param env environment of every exec, which an exec may add to and override
 * @param labels free words to find it by
 */
public record SandboxSpec(
        Optional<String> name,
        ImageName image,
        CpuAmount cpu,
        MemorySize memory,
        Duration ttl,
        Map<String, String> env,
        Map<String, String> labels) {
    public SandboxSpec {
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
        SandboxLimits.check(name, cpu, memory, ttl);
        EnvironmentLimits.check(env);
        LabelLimits.check(labels);
    }
}
