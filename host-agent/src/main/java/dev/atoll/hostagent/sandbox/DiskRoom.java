package dev.atoll.hostagent.sandbox;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What is left of the disk that everything of a host lies on. Sandboxes may be promised more disk than there is, so a part is kept back:
 * the platform's own journal and database need it, and a full disk would end everyone instead of one.
 *
 * @param usableBytes what can be written now
 * @param reserveBytes below it no sandbox is made
 */
public record DiskRoom(LongSupplier usableBytes, long reserveBytes) {
    private static final int RESERVED_PART = 20;
    private static final long MOST_RESERVED = 4L << 30;
    private static final int EMERGENCY_PART = 2;

    /** The disk that this directory lies on, of which a twentieth is kept back, 4 GiB at most. */
    public static DiskRoom of(Path directory) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        return new DiskRoom(() -> usable(disk), Math.min(disk.getTotalSpace() / RESERVED_PART, MOST_RESERVED));
    }

    private static long usable(FileStore disk) {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Throws {@code capacity} when no sandbox should be made. */
    void require() {
        long left = usableBytes.getAsLong();
        if (left < reserveBytes) {
            throw Problem.of(
                            ProblemCode.CAPACITY,
                            "The host's disk is nearly full: " + (left >> 20) + " MiB are left, and the last "
                                    + (reserveBytes >> 20) + " MiB are not for new sandboxes.",
                            "Delete sandboxes or images that are not needed, or try again later.")
                    .asException();
        }
    }

    /** Whether so little is left that somebody has to go. */
    boolean isEmergency() {
        return usableBytes.getAsLong() < reserveBytes / EMERGENCY_PART;
    }
}
