package dev.atoll.model.session;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A command for a shell session, in the shell's language.
 *
 * @param stdin whether input will be sent
 * @param timeout as in {@code ExecSpec}: when it is over, the command is killed and the session is what it was before
 */
public record SessionCommand(String text, boolean stdin, Optional<Duration> timeout) {
    /** Bytes of a command: what one argument of a process may hold on Linux, less its terminator. */
    public static final int MAX_BYTES = 128 * 1024 - 1;

    public SessionCommand {
        if (text.indexOf('\0') >= 0) {
            throw Problem.of(ProblemCode.INVALID_COMMAND, "The command holds a NUL.", "No shell can read one.")
                    .asException();
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw Problem.of(
                            ProblemCode.ENVIRONMENT_TOO_LARGE,
                            "The command has " + bytes + " bytes.",
                            "At most " + MAX_BYTES + "; put it into a file and run '. FILE'.")
                    .asException();
        }
    }
}
