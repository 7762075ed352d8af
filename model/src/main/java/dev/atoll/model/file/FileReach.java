package dev.atoll.model.file;

import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far a file operation reaches.
 *
 * @param user whose rights it has, as in an exec; the image's user when empty
 * @param workspace a directory out of which no path and no link leads; everywhere when empty
 */
public record FileReach(Optional<String> user, Optional<String> workspace) {
    /** Everywhere where the image's user comes to. */
    public static final FileReach USUAL = new FileReach(Optional.empty(), Optional.empty());

    /**
     * Throws {@code invalid_command} for a user that cannot be one, {@code invalid_path} for a workspace that is not absolute, is all there
     * is, or has {@code .} or {@code ..} in it.
     */
    public FileReach {
        user.ifPresent(ExecSpec::checkUser);
        workspace = workspace.map(FileReach::plain);
    }

    public static FileReach of(Optional<String> user) {
        return new FileReach(user, Optional.empty());
    }

    /** Without a slash at its end or a second one within. */
    private static String plain(String workspace) {
        FilePath path = FilePath.of(workspace);
        boolean odd = Arrays.stream(path.text().split("/", -1)).anyMatch(name -> name.equals(".") || name.equals(".."));
        String plain = workspace.replaceAll("/+", "/").replaceAll("/$", "");
        if (!workspace.startsWith("/") || plain.isEmpty() || odd) {
            throw Problem.of(
                            ProblemCode.INVALID_PATH,
                            "The workspace '" + workspace + "' is not the absolute path of a directory.",
                            "Send one that begins with '/', without . and .. in it, and is not '/' itself.")
                    .asException();
        }
        return plain;
    }
}
