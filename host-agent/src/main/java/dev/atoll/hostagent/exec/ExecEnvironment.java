package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.image.ImageConfig;
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
        String cwd = spec.cwd().orElse(image.workingDir());
        return new SpawnRequest(
                spec.argv(), env, false, cwd, user, spec.stdin(), SpawnRequest.DEFAULT_UMASK, List.of());
    }
}
