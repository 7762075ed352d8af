package dev.atoll.model.sandbox;

import dev.atoll.model.image.ImageName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for. Checked against {@link SandboxLimits}; nothing here reaches the runtime except through typed fields.
 *
 * @param name unique among the live sandboxes of a workspace, if given
 * @param image the image by name; which content that was is fixed when the sandbox is prepared
 * @param size what it may use
 * @param ttl how long it may live, counted from its creation
 * @param env environment of every exec, which an exec may add to and override
 * @param labels free words to find it by
 * @param warm whether one may be taken that its host keeps ready; otherwise it is made anew
 * @param idle when it ends for want of use; never when empty
 */
public record SandboxSpec(
        Optional<String> name,
        ImageName image,
        SandboxSize size,
        Duration ttl,
        Map<String, String> env,
        Map<String, String> labels,
        boolean warm,
        Optional<IdlePolicy> idle) {
    /** One that does not end for want of use. */
    public SandboxSpec(
            Optional<String> name,
            ImageName image,
            SandboxSize size,
            Duration ttl,
            Map<String, String> env,
            Map<String, String> labels,
            boolean warm) {
        this(name, image, size, ttl, env, labels, warm, Optional.empty());
    }

    public SandboxSpec {
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
        SandboxLimits.check(name, ttl);
        EnvironmentLimits.check(env);
        LabelLimits.check(labels);
    }
}
