package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.ResourceLimit;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.image.ImageConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an exec gets without asking: the image's environment, over it the sandbox's, over it its own; the image's user and directory. The
 * guest
 * adds HOME from the user's entry in {@code /etc/passwd} when nobody set it.
 *
 * @param image what the image says
 * @param sandbox the environment that the sandbox was made with
 */
public record ExecEnvironment(ImageConfig image, Map<String, String> sandbox) {
    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Of a terminal for which nobody says what it is: what nearly every program in front of one is. */
    static final String DEFAULT_TERM = "xterm-256color";

    public ExecEnvironment {
        sandbox = Map.copyOf(sandbox);
    }

    /** Throws {@link dev.atoll.isolation.guest.SpawnRequestException} when all together is more than a guest takes. */
    public SpawnRequest request(ExecSpec spec) {
        Map<String, String> env = new HashMap<>();
        env.put("PATH", DEFAULT_PATH);
        for (String entry : image.env()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                env.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        String user = spec.user().orElse(image.user());
        if (!user.isEmpty() && Character.isLetter(user.charAt(0))) {
            env.put("USER", user.split(":", 2)[0]);
        }
        env.putAll(sandbox);
        env.putAll(spec.env());
        String cwd = spec.cwd().map(this::absolute).orElse(image.workingDir());
        if (spec.terminal().isPresent()) {
            env.putIfAbsent("TERM", DEFAULT_TERM);
        }
        return new SpawnRequest(
                spec.argv(),
                env,
                false,
                cwd,
                user,
                spec.groups(),
                spec.stdin(),
                spec.terminal(),
                SpawnRequest.DEFAULT_UMASK,
                resourceLimits(spec.limits()),
                spec.limits().processes(),
                spec.nice());
    }

    private String absolute(String cwd) {
        return cwd.startsWith("/") ? cwd : image.workingDir() + "/" + cwd;
    }

    /** Of each process: the kernel knows CPU time in whole seconds, and warns a second before it kills. */
    private static List<ResourceLimit> resourceLimits(dev.atoll.model.exec.ExecLimits limits) {
        List<ResourceLimit> all = new ArrayList<>();
        limits.cpuTime().ifPresent(most -> {
            long seconds = most.plusNanos(999_999_999).toSeconds();
            all.add(new ResourceLimit(ResourceLimit.Kind.CPU_SECONDS, seconds, seconds + 1));
        });
        limits.memoryBytes()
                .ifPresent(most -> all.add(new ResourceLimit(ResourceLimit.Kind.ADDRESS_SPACE_BYTES, most, most)));
        return all;
    }
}
