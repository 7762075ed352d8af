package dev.atoll.bench.peer;

import dev.atoll.bench.host.Commands;
import dev.atoll.bench.problem.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An image of the platform as a directory for those who cannot run the image itself: the very same files, owners and modes. */
public final class ErofsFile {
    private static final Path FSCK = Path.of("/usr/bin/fsck.erofs");

    private ErofsFile() {}

    /** Takes an image apart into a new directory. */
    public static void extract(Path image, Path directory, Commands commands) throws IOException {
        if (!Files.isExecutable(FSCK)) {
            throw BenchException.unavailable(
                    "erofs_utils_missing",
                    "There is no " + FSCK + ", which makes a directory of an image for runsc and docker.",
                    "sudo apt-get install erofs-utils, or measure with --image busybox.");
        }
        commands.run(List.of(FSCK.toString(), "--extract=" + directory, image.toString()));
    }
}
