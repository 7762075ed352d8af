package dev.atoll.model.exec;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EnvironmentLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A command to run.
 *
 * @param argv the program and its arguments; a program without '/' is looked up in PATH inside the sandbox
 * @param env added to the sandbox's environment, and stronger than it
 * @param cwd directory inside the sandbox, absolute or relative to the image's; the image's when empty
 * @param user {@code name}, {@code uid}, {@code user:group}; the image's when empty
 * @param groups more groups, by name or number, that its processes are in
 * @param stdin whether input will be sent; without it the process reads end of file at once. A terminal always has it
 * @param terminal the size of the terminal that it runs on, if it does: then all its output is stdout
 * @param timeout how long it may run before it is killed with everything it has started; empty is as long as the sandbox lives
 * @param nice 0, as all others, to 19: how readily it gives way to other processes of its sandbox
 * @param detached it is left alone: it does not count as activity of its sandbox, and who starts it is answered when it runs, not when
 *     it has ended. It lives as long as its timeout and its sandbox let it, like any other exec
 */
public record ExecSpec(
        List<String> argv,
        Map<String, String> env,
        Optional<String> cwd,
        Optional<String> user,
        List<String> groups,
        boolean stdin,
        Optional<TerminalSize> terminal,
        Optional<Duration> timeout,
        int nice,
        ExecLimits limits,
        boolean detached) {
    /** Bytes of all arguments together, with a terminator each. */
    public static final int MAX_ARGV_BYTES = 256 * 1024;

    public static final int MAX_ARGUMENTS = 4_096;
    public static final int MAX_PATH_BYTES = 4_095;
    public static final Duration MAX_TIMEOUT = Duration.ofDays(30);
    public static final int MAX_GROUPS = 32;
    public static final int MAX_NICE = 19;

    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}";

    public ExecSpec {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
        // Records of earlier versions have neither of these two.
        groups = List.copyOf(Objects.requireNonNullElse(groups, List.of()));
        limits = Objects.requireNonNullElse(limits, ExecLimits.NONE);
        stdin = stdin || terminal.isPresent();
        checkArgv(argv);
        EnvironmentLimits.check(env);
        cwd.ifPresent(ExecSpec::checkCwd);
        user.ifPresent(ExecSpec::checkUser);
        checkGroups(groups);
        timeout.ifPresent(ExecSpec::checkTimeout);
        checkNice(nice);
    }

    /** A command with nothing special about it. */
    public static ExecSpec of(List<String> argv) {
        return new ExecSpec(
                argv,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                0,
                ExecLimits.NONE,
                false);
    }

    /** A command with nothing special about it. */
    public static ExecSpec of(String... argv) {
        return of(List.of(argv));
    }

    public ExecSpec withEnv(Map<String, String> added) {
        return with(draft -> draft.env = added);
    }

    public ExecSpec withCwd(String directory) {
        return with(draft -> draft.cwd = Optional.of(directory));
    }

    public ExecSpec withUser(String other) {
        return with(draft -> draft.user = Optional.of(other));
    }

    public ExecSpec withGroups(List<String> more) {
        return with(draft -> draft.groups = more);
    }

    public ExecSpec withStdin() {
        return with(draft -> draft.stdin = true);
    }

    public ExecSpec withTerminal(TerminalSize size) {
        return with(draft -> draft.terminal = Optional.of(size));
    }

    public ExecSpec withTimeout(Duration most) {
        return with(draft -> draft.timeout = Optional.of(most));
    }

    public ExecSpec withNice(int value) {
        return with(draft -> draft.nice = value);
    }

    public ExecSpec withLimits(ExecLimits most) {
        return with(draft -> draft.limits = most);
    }

    public ExecSpec asDetached() {
        return with(draft -> draft.detached = true);
    }

    private ExecSpec with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.spec();
    }

    /** What may be another in a copy; the command itself is the original's. */
    private static final class Draft {
        private final List<String> argv;
        private Map<String, String> env;
        private Optional<String> cwd;
        private Optional<String> user;
        private List<String> groups;
        private boolean stdin;
        private Optional<TerminalSize> terminal;
        private Optional<Duration> timeout;
        private int nice;
        private ExecLimits limits;
        private boolean detached;

        Draft(ExecSpec original) {
            this.argv = original.argv;
            this.env = original.env;
            this.cwd = original.cwd;
            this.user = original.user;
            this.groups = original.groups;
            this.stdin = original.stdin;
            this.terminal = original.terminal;
            this.timeout = original.timeout;
            this.nice = original.nice;
            this.limits = original.limits;
            this.detached = original.detached;
        }

        ExecSpec spec() {
            return new ExecSpec(argv, env, cwd, user, groups, stdin, terminal, timeout, nice, limits, detached);
        }
    }

    private static void checkArgv(List<String> argv) {
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw invalid("argv is empty.", "Send at least the program to run, such as [\"true\"].");
        }
        long bytes = 0;
        for (String argument : argv) {
            if (argument.indexOf('\0') >= 0) {
                throw invalid(
                        "An argument holds a NUL.",
                        "No argument of a process can hold one; pass such data through stdin.");
            }
            bytes += argument.getBytes(StandardCharsets.UTF_8).length + 1L;
        }
        if (argv.size() > MAX_ARGUMENTS || bytes > MAX_ARGV_BYTES) {
            throw Problem.of(
                            ProblemCode.ENVIRONMENT_TOO_LARGE,
                            "argv has " + argv.size() + " arguments and " + bytes + " bytes.",
                            "At most " + MAX_ARGUMENTS + " arguments and " + MAX_ARGV_BYTES
                                    + " bytes; pass larger data through stdin.")
                    .asException();
        }
    }

    private static void checkCwd(String cwd) {
        boolean fine = !cwd.isEmpty()
                && cwd.indexOf('\0') < 0
                && cwd.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
        if (!fine) {
            throw invalid(
                    "cwd is not a path.", "Send the path of a directory, of at most " + MAX_PATH_BYTES + " bytes.");
        }
    }

    /** Throws {@code invalid_command} unless it is a name or number, or two of them with a colon between. */
    public static void checkUser(String user) {
        if (!user.matches(NAME + "(:" + NAME + ")?")) {
            throw invalid("user is not valid.", "Send a name or a number, with ':group' after it if need be.");
        }
    }

    private static void checkGroups(List<String> groups) {
        if (groups.size() > MAX_GROUPS || !groups.stream().allMatch(group -> group.matches(NAME))) {
            throw invalid("groups is not valid.", "Send at most " + MAX_GROUPS + " names or numbers.");
        }
    }

    private static void checkNice(int nice) {
        if (nice < 0 || nice > MAX_NICE) {
            throw Problem.of(
                            ProblemCode.INVALID_QUANTITY,
                            "nice is " + nice + ".",
                            "It is 0 to " + MAX_NICE + ": a command can give way to others, not push ahead of them.")
                    .asException();
        }
    }

    private static void checkTimeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw Problem.of(
                            ProblemCode.INVALID_QUANTITY,
                            "timeout is out of range.",
                            "More than nothing and at most 30d. To limit how long this call blocks, use wait.")
                    .asException();
        }
    }

    private static RuntimeException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_COMMAND, detail, hint).asException();
    }
}
