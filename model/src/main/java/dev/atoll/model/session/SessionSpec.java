package dev.atoll.model.session;

import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A wish for a shell session.
 *
 * @param name for people; need not be the only one
 * @param cwd absolute directory in which the first command runs; the image's when empty
 * @param env added to the sandbox's environment for the first command; from then on the session's variables are what its commands make them
 * @param user as in {@link ExecSpec}
 * @param shell what is to run the commands; the best that the sandbox has when empty
 */
public record SessionSpec(
        Optional<String> name,
        Optional<String> cwd,
        Map<String, String> env,
        Optional<String> user,
        Optional<SessionShell> shell) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public SessionSpec {
        env = Map.copyOf(env);
        if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The name of the session is not valid.",
                            "1 to 63 letters, digits and . _ -, beginning with a letter or a digit.")
                    .asException();
        }
        ExecSpec asked = ExecSpec.of("true").withEnv(env);
        if (cwd.isPresent()) {
            asked = asked.withCwd(cwd.get());
        }
        if (user.isPresent()) {
            asked = asked.withUser(user.get());
        }
    }
}
