package dev.atoll.imagecas.content;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Says what a failed write means to the one who runs the platform. */
public final class DiskProblems {
    private static final long MIB = 1L << 20;

    private DiskProblems() {}

    /** The problem behind a failure to write at {@code path}. */
    public static ProblemException writing(Path path, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
            return new ProblemException(full(path, 0), cause);
        }
        if (cause instanceof AccessDeniedException
                || message.contains("Permission denied")
                || message.contains("Read-only file system")) {
            return notPermitted(path, cause);
        }
        return new ProblemException(
                Problem.of(ProblemCode.INTERNAL, "Writing " + path + " failed: " + message + "."), cause);
    }

    /** The problem behind a failure to begin using {@code path} as a data directory. */
    public static ProblemException opening(Path path, IOException cause) {
        ProblemException problem = writing(path, cause);
        return problem.problem().code() == ProblemCode.INTERNAL ? notPermitted(path, cause) : problem;
    }

    private static ProblemException notPermitted(Path path, IOException cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.NOT_PERMITTED,
                        "The data directory cannot be written: " + path + " (" + reason(cause) + ").",
                        "Run the platform as root, or point ATOLL_HOME to a directory it may write to."),
                cause);
    }

    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException of ? of.getReason() : cause.getMessage();
        return Objects.requireNonNullElse(reason, cause.getClass().getSimpleName());
    }

    /**
     * Throws when the disk that holds {@code path} has less room than {@code bytes} and {@code reserve} on top.
     *
     * @throws ProblemException {@code disk_full}
     */
    public static void requireRoom(Path path, long bytes, long reserve) {
        try {
            if (usableAt(path) < bytes + reserve) {
                throw full(path, bytes + reserve).asException();
            }
        } catch (IOException e) {
            throw writing(path, e);
        }
    }

    private static Problem full(Path path, long needed) {
        String free;
        try {
            free = mebibytes(usableAt(path));
        } catch (IOException e) {
            free = "little";
        }
        String need = needed > 0 ? ", " + mebibytes(needed) + " needed" : "";
        return Problem.of(
                ProblemCode.DISK_FULL,
                "The disk that holds " + path + " is full: " + free + " free" + need + ".",
                "Free some space, remove images that are not used, or point ATOLL_HOME to a larger disk.");
    }

    /** Free bytes on the disk of a file or folder that may not exist yet, while the folder above it does. */
    private static long usableAt(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        return Files.getFileStore(folder == null || Files.exists(path) ? path : folder)
                .getUsableSpace();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%d MiB", bytes / MIB);
    }
}
