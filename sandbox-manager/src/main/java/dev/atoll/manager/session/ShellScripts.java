package dev.atoll.manager.session;

import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.SessionId;
import dev.atoll.model.session.SessionCommand;
import dev.atoll.model.session.SessionShell;
import dev.atoll.model.session.SessionSpec;
import dev.atoll.model.session.ShellSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a session is made of execs: what each command is started as. The command is an argument of its own and reaches the shell byte by
 * byte; what goes on around it is in {@code session.bash} and {@code session.sh}.
 */
final class ShellScripts {
    /** What {@link #preparing} returns when the session's directory cannot be made. */
    static final int NO_PLACE = 3;

    /** What it returns when there is no such shell. */
    static final int NO_SHELL = 4;

    /** Holds the script; gone before the command runs. */
    private static final String VARIABLE = "ATOLL_SESSION";

    /** On one line, so that the command's first line is the first for whoever counts. */
    private static final String START = "eval \"$" + VARIABLE + "\"; eval \"$__atoll_command\"";

    /** Makes the directory and says which shell there is and where it is. */
    private static final String PREPARE = """
            umask 077
            mkdir "$1" 2> /dev/null || { [ -d "$1" ] && [ -w "$1" ]; } || exit 3
            for shell in ${2:-bash sh}; do
              if command -v "$shell" > /dev/null; then
                printf '%s\\n%s\\n' "$shell" "$(pwd)"
                exit 0
              fi
            done
            exit 4
            """;

    private static final Map<SessionShell, String> SCRIPTS =
            Map.of(SessionShell.BASH, script("session.bash"), SessionShell.SH, script("session.sh"));

    private ShellScripts() {}

    /** What is run once, before the first command. */
    static ExecSpec preparing(SessionId id, SessionSpec spec) {
        ExecSpec exec = ExecSpec.of(
                        "sh",
                        "-c",
                        PREPARE,
                        "sh",
                        ShellSession.directory(id),
                        spec.shell().map(SessionShell::word).orElse(""))
                .withEnv(spec.env());
        exec = spec.cwd().isPresent() ? exec.withCwd(spec.cwd().get()) : exec;
        return as(exec, spec.user());
    }

    /** A command of the session. */
    static ExecSpec command(ShellSession session, SessionCommand command) {
        String shell = session.shell().word();
        Map<String, String> env = new HashMap<>(session.spec().env());
        env.put(VARIABLE, SCRIPTS.get(session.shell()));
        // The directory of the session may be gone; the script deals with that, a process could not even start there.
        ExecSpec exec = ExecSpec.of(shell, "-c", START, shell, session.directory(), session.cwd(), command.text())
                .withEnv(env)
                .withCwd("/");
        exec = command.stdin() ? exec.withStdin() : exec;
        exec = command.timeout().isPresent()
                ? exec.withTimeout(command.timeout().get())
                : exec;
        return as(exec, session.spec().user());
    }

    /** What is run once, after the last command. */
    static ExecSpec removing(ShellSession session) {
        return as(
                ExecSpec.of("rm", "-rf", session.directory()).withCwd("/"),
                session.spec().user());
    }

    /** The script that is evaluated before a command. */
    static String script(SessionShell shell) {
        return SCRIPTS.getOrDefault(shell, "");
    }

    private static ExecSpec as(ExecSpec exec, Optional<String> user) {
        return user.isPresent() ? exec.withUser(user.get()) : exec;
    }

    /** Without its comments: every command carries it. */
    private static String script(String name) {
        try (InputStream stream = ShellScripts.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing from the build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.stripLeading().startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words that {@link #preparing} wrote. */
    static List<String> prepared(String stdout) {
        return stdout.lines().toList();
    }
}
