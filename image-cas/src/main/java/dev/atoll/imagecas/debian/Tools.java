package dev.atoll.imagecas.debian;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** What assembling a Debian root needs on the host. */
final class Tools {
    /** Debian's archive keys, named explicitly so that it works on distributions that trust others. */
    static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

    private Tools() {}

    /** Throws {@code tool_missing} with the command that installs what is not there. */
    static void require() {
        if (!isOnPath("mmdebstrap")) {
            throw missing("mmdebstrap, which assembles images from Debian packages, is not installed.", "mmdebstrap");
        }
        if (!isOnPath("unshare")) {
            throw missing("unshare, which keeps what is being assembled apart, is not installed.", "util-linux");
        }
        if (!Files.isReadable(KEYRING)) {
            throw missing(
                    "The keys of the Debian archive are not installed (" + KEYRING + ").", "debian-archive-keyring");
        }
    }

    private static RuntimeException missing(String detail, String aptPackage) {
        return Problem.of(ProblemCode.TOOL_MISSING, detail, "Run: apt-get install -y " + aptPackage)
                .asException();
    }

    private static boolean isOnPath(String tool) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
        return Arrays.stream(path.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
