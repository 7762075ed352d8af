package dev.atoll.hostagent.journal;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.sandbox.EnvironmentLimits;
import dev.atoll.model.sandbox.SandboxSize;
import java.util.Map;

/**
 * What a host is told to make.
 *
 * @param generation the generation of the command; newer ones overrule it
 * @param warm whether one that is kept ready may be taken
 * @param env environment of every exec; may hold secrets, so the journal is readable by root only and this is never logged
 */
public record SandboxPlan(
        SandboxId sandbox, long generation, ImageName image, SandboxSize size, Map<String, String> env, boolean warm) {
    public SandboxPlan {
        env = Map.copyOf(env);
        EnvironmentLimits.check(env);
    }

    @Override
    public String toString() {
        return sandbox + "@" + generation + " of " + image;
    }
}
