package dev.atoll.model.exec;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EnvironmentLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command to run.
 *
 * @param argv the program and its arguments; a program without '/' is looked up in PATH inside the sandbox
 * @param env added to the sandbox's environment, and stronger than it
 * @param cwd absolute directory inside the sandbox; the image's when empty
 * @param user {@code name}, {@code uid}, {@code user:group}; the image's when empty
 * @param stdin whether input will be sent; without it the process reads end of file at once
 * @param timeout how long it may run before it is killed; empty is as long as the sandbox lives
 */
public record ExecSpec(
        List<String> argv,
        Map<String, String> env,
        Optional<String> cwd,
        Optional<String> user,
        boolean stdin,
        Optional<Duration> timeout) {
    /** Bytes of all arguments together, with a terminator each. */
    public static final int MAX_ARGV_BYTES = 256 * 1024;

    public static final int MAX_ARGUMENTS = 4_096;
    public static final int MAX_PATH_BYTES = 4_095;
    public static final Duration MAX_TIMEOUT = Duration.ofDays(30);

    public ExecSpec {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
        checkArgv(argv);
        EnvironmentLimits.check(env);
        cwd.ifPresent(ExecSpec::checkCwd);
        user.ifPresent(ExecSpec::checkUser);
        timeout.ifPresent(ExecSpec::checkTimeout);
    }

    private static void checkArgv(List<String> argv) {
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw invalid("argv is empty.", "Send at least the program to run, such as [\"true\"].");
        }
        if (argv.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw invalid(
                    "An argument holds a NUL.", "No argument of a process can hold one; pass such data through stdin.");
        }
        long bytes = argv.stream()
                .mapToLong(argument -> argument.getBytes(StandardCharsets.UTF_8).length + 1L)
                .sum();
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
        boolean fine = cwd.startsWith("/")
                && cwd.indexOf('\0') < 0
                && cwd.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
        if (!fine) {
            throw invalid(
                    "cwd is not an absolute path.", "Send an absolute path of at most " + MAX_PATH_BYTES + " bytes.");
        }
    }

    private static void checkUser(String user) {
        if (!user.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?")) {
            throw invalid("user is not valid.", "Send a name or a number, with ':group' after it if need be.");
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
