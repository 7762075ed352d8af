package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.isolation.guest.SpawnRequestException;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;

/** What it means for the one who asked that a process was not started. */
sealed interface SpawnVerdict {
    /** It counts as a command that ended, as a shell has it. */
    record EndedAtOnce(int exitCode, String error) implements SpawnVerdict {}

    /** There is no such exec: the request cannot be carried out. */
    record Refused(Problem problem) implements SpawnVerdict {}

    int NOT_FOUND = 127;
    int NOT_EXECUTABLE = 126;
    int EOPNOTSUPP = 95;

    static SpawnVerdict of(SpawnFailure failure, ExecSpec spec) {
        String command = shown(spec.argv().getFirst());
        return switch (failure.stage()) {
            case COMMAND_NOT_FOUND -> new EndedAtOnce(NOT_FOUND, "command not found: " + command);
            case COMMAND_NOT_EXECUTABLE -> new EndedAtOnce(NOT_EXECUTABLE, "cannot be executed: " + command);
            case USER_NOT_FOUND ->
                refused(
                        ProblemCode.USER_NOT_FOUND,
                        "The sandbox has no such user.",
                        "Name a user of its /etc/passwd, or a number.");
            case GROUP_NOT_FOUND ->
                refused(
                        ProblemCode.GROUP_NOT_FOUND,
                        "The sandbox has no such group.",
                        "Name a group of its /etc/group, or a number.");
            case WORKING_DIRECTORY ->
                refused(
                        ProblemCode.CWD_NOT_FOUND,
                        "The working directory does not exist or the user may not enter it.",
                        "Make it first, or leave cwd out.");
            case ARGUMENTS_TOO_LARGE ->
                refused(
                        ProblemCode.ENVIRONMENT_TOO_LARGE,
                        "Arguments and environment are larger than the sandbox's kernel takes.",
                        "Pass larger data through stdin or a file.");
            case NO_PROCESS ->
                refused(
                        ProblemCode.SPAWN_FAILED,
                        "The sandbox has used up its processes or its memory.",
                        "End some of its processes, or make a larger sandbox.");
            case NO_SLOT ->
                refused(
                        ProblemCode.TOO_MANY_EXECS,
                        "The sandbox follows as many execs as it can.",
                        "Wait until some have ended.");
            case PRIVILEGES ->
                refused(ProblemCode.SPAWN_FAILED, "The process could not become the user.", "Try another user.");
            case RESOURCE_LIMIT -> failure.errno() == EOPNOTSUPP ? unlimitable() : unexpected(failure);
            case INVALID_REQUEST, NUMBER_USED, INTERNAL -> unexpected(failure);
        };
    }

    static Problem of(SpawnRequestException refused) {
        return switch (refused.fault()) {
            case STRING_TOO_LONG, TOO_MANY_STRINGS, TOO_LARGE ->
                Problem.of(
                        ProblemCode.ENVIRONMENT_TOO_LARGE,
                        "The command does not fit: " + refused.getMessage() + ".",
                        "Pass larger data through stdin or a file.");
            case EMPTY_ARGV, NUL, VARIABLE_NAME ->
                Problem.of(ProblemCode.INVALID_COMMAND, "The command is not valid: " + refused.getMessage() + ".");
        };
    }

    private static Refused unlimitable() {
        return refused(
                ProblemCode.LIMIT_NOT_SUPPORTED,
                "The host's runtime cannot limit the processes of a single command.",
                "Leave limits.processes out; the sandbox's own limit holds.");
    }

    private static Refused unexpected(SpawnFailure failure) {
        return refused(
                ProblemCode.SPAWN_FAILED,
                "The process could not be started ("
                        + failure.stage().name().toLowerCase(java.util.Locale.ROOT) + ", error "
                        + failure.errno() + ").",
                "Ask again; if it stays, make a new sandbox.");
    }

    private static Refused refused(ProblemCode code, String detail, String hint) {
        return new Refused(Problem.of(code, detail, hint));
    }

    private static String shown(String command) {
        String printable = command.codePoints()
                .limit(200)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable;
    }
}
