package dev.atoll.model.context;

import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A wish for a code context.
 *
 * @param language names a kernel that the sandbox has; every image may bring its own
 * @param cwd as in {@link ExecSpec}, for the kernel
 * @param env as in {@link ExecSpec}, for the kernel
 * @param user as in {@link ExecSpec}, for the kernel
 */
public record ContextSpec(String language, Optional<String> cwd, Map<String, String> env, Optional<String> user) {
    private static final Pattern LANGUAGE = Pattern.compile("[a-z0-9][a-z0-9._+-]{0,31}");

    public ContextSpec {
        env = Map.copyOf(env);
        if (!LANGUAGE.matcher(language).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The language is not the name of a kernel.",
                            "Send a name such as python or node: 1 to 32 of a-z, 0-9 and . _ + -.")
                    .asException();
        }
        process(ExecSpec.of("true"), cwd, env, user);
    }

    /** The process of a kernel with this command line. */
    public ExecSpec process(List<String> argv) {
        return process(ExecSpec.of(argv).withStdin(), cwd, env, user);
    }

    private static ExecSpec process(
            ExecSpec bare, Optional<String> cwd, Map<String, String> env, Optional<String> user) {
        ExecSpec process = bare.withEnv(env);
        process = cwd.isPresent() ? process.withCwd(cwd.get()) : process;
        return user.isPresent() ? process.withUser(user.get()) : process;
    }
}
