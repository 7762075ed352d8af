package dev.atoll.isolation.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process to start. What the shape of the guest's memory forbids is refused here with {@link SpawnRequestException}; what only the guest
 * can know (does the user exist?) comes back as {@link SpawnFailure}.
 *
 * @param argv program and arguments; a program without '/' is looked up in the PATH of the environment, or in the usual directories
 * @param environment the environment, over the one of the identity if {@code inheritEnvironment}; HOME is added from {@code /etc/passwd} if
 *     absent
 * @param inheritEnvironment whether to start from the environment that {@link GuestIdentity} gave the sandbox
 * @param workingDirectory absolute; {@code /} when empty
 * @param user {@code name}, {@code uid}, {@code user:group} in the sandbox's own {@code /etc/passwd} and {@code /etc/group}; root when
 *     empty
 * @param stdin whether stdin is a pipe fed by {@link GuestLink#writeInput}; otherwise it is {@code /dev/null}
 * @param umask file mode bits to clear, 0–0777
 * @param resourceLimits applied before the user changes
 */
public record SpawnRequest(
        List<String> argv,
        Map<String, String> environment,
        boolean inheritEnvironment,
        String workingDirectory,
        String user,
        boolean stdin,
        int umask,
        List<ResourceLimit> resourceLimits) {
    public static final int DEFAULT_UMASK = 022;

    public SpawnRequest {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        resourceLimits = List.copyOf(resourceLimits);
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new SpawnRequestException(SpawnRequestException.Fault.EMPTY_ARGV, "argv is empty");
        }
        if (umask < 0 || umask > 0777) {
            throw new IllegalArgumentException("umask out of range: " + umask);
        }
        if (!workingDirectory.isEmpty() && !workingDirectory.startsWith("/")) {
            throw new IllegalArgumentException("working directory is not absolute");
        }
        SpawnRequestException.check(argv, environment, workingDirectory, user, resourceLimits);
    }

    /** A process of root in {@code /} without stdin and with exactly this environment. */
    public static SpawnRequest of(Map<String, String> environment, String... argv) {
        return new SpawnRequest(List.of(argv), environment, false, "", "", false, DEFAULT_UMASK, List.of());
    }

    public SpawnRequest withStdin() {
        return new SpawnRequest(
                argv, environment, inheritEnvironment, workingDirectory, user, true, umask, resourceLimits);
    }

    public SpawnRequest as(String otherUser) {
        return new SpawnRequest(
                argv, environment, inheritEnvironment, workingDirectory, otherUser, stdin, umask, resourceLimits);
    }

    public SpawnRequest in(String directory) {
        return new SpawnRequest(argv, environment, inheritEnvironment, directory, user, stdin, umask, resourceLimits);
    }

    public SpawnRequest limitedBy(ResourceLimit limit) {
        List<ResourceLimit> all = new ArrayList<>(resourceLimits);
        all.add(limit);
        return new SpawnRequest(argv, environment, inheritEnvironment, workingDirectory, user, stdin, umask, all);
    }
}
