package dev.atoll.isolation.guest;

import dev.atoll.model.exec.TerminalSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

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
 * @param groups further groups by name or number
 * @param terminal the size of the terminal that is stdin, stdout and stderr; all output is stdout then
 * @param processes most processes and threads at a time of everything it leads to
 * @param nice 0 to 19
 * @param umask file mode bits to clear, 0–0777
 * @param resourceLimits applied before the user changes
 */
public record SpawnRequest(
        List<String> argv,
        Map<String, String> environment,
        boolean inheritEnvironment,
        String workingDirectory,
        String user,
        List<String> groups,
        boolean stdin,
        Optional<TerminalSize> terminal,
        int umask,
        List<ResourceLimit> resourceLimits,
        OptionalInt processes,
        int nice) {
    public static final int DEFAULT_UMASK = 022;

    public SpawnRequest {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        groups = List.copyOf(groups);
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
        if (groups.size() > GuestProtocol.MAX_SPAWN_GROUPS || nice < 0 || nice > 19) {
            throw new IllegalArgumentException("groups or nice out of range");
        }
        SpawnRequestException.check(argv, environment, workingDirectory, user, groups, resourceLimits);
    }

    /** A process on pipes, with the groups of its user. */
    public SpawnRequest(
            List<String> argv,
            Map<String, String> environment,
            boolean inheritEnvironment,
            String workingDirectory,
            String user,
            boolean stdin,
            int umask,
            List<ResourceLimit> resourceLimits) {
        this(
                argv,
                environment,
                inheritEnvironment,
                workingDirectory,
                user,
                List.of(),
                stdin,
                Optional.empty(),
                umask,
                resourceLimits,
                OptionalInt.empty(),
                0);
    }

    /** A process of root in {@code /} without stdin and with exactly this environment. */
    public static SpawnRequest of(Map<String, String> environment, String... argv) {
        return new SpawnRequest(List.of(argv), environment, false, "", "", false, DEFAULT_UMASK, List.of());
    }

    public SpawnRequest withStdin() {
        return with(draft -> draft.stdin = true);
    }

    public SpawnRequest as(String otherUser) {
        return with(draft -> draft.user = otherUser);
    }

    public SpawnRequest in(String directory) {
        return with(draft -> draft.workingDirectory = directory);
    }

    public SpawnRequest withGroups(List<String> more) {
        return with(draft -> draft.groups = more);
    }

    public SpawnRequest onTerminal(TerminalSize size) {
        return with(draft -> {
            draft.stdin = true;
            draft.terminal = Optional.of(size);
        });
    }

    public SpawnRequest withProcesses(int most) {
        return with(draft -> draft.processes = OptionalInt.of(most));
    }

    public SpawnRequest withNice(int value) {
        return with(draft -> draft.nice = value);
    }

    public SpawnRequest limitedBy(ResourceLimit limit) {
        return with(draft -> {
            List<ResourceLimit> all = new ArrayList<>(resourceLimits);
            all.add(limit);
            draft.resourceLimits = all;
        });
    }

    private SpawnRequest with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.request();
    }

    /** What may be another in a copy; the rest is the original's. */
    private static final class Draft {
        private final SpawnRequest original;
        private String workingDirectory;
        private String user;
        private List<String> groups;
        private boolean stdin;
        private Optional<TerminalSize> terminal;
        private List<ResourceLimit> resourceLimits;
        private OptionalInt processes;
        private int nice;

        Draft(SpawnRequest original) {
            this.original = original;
            this.workingDirectory = original.workingDirectory;
            this.user = original.user;
            this.groups = original.groups;
            this.stdin = original.stdin;
            this.terminal = original.terminal;
            this.resourceLimits = original.resourceLimits;
            this.processes = original.processes;
            this.nice = original.nice;
        }

        SpawnRequest request() {
            return new SpawnRequest(
                    original.argv,
                    original.environment,
                    original.inheritEnvironment,
                    workingDirectory,
                    user,
                    groups,
                    stdin,
                    terminal,
                    original.umask,
                    resourceLimits,
                    processes,
                    nice);
        }
    }
}
