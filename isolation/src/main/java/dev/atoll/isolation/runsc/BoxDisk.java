package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.Errno;
import dev.atoll.isolation.linux.LinuxException;
import dev.atoll.isolation.linux.LinuxFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file that holds what a box has written; it has no name, only the sentry's descriptor. */
final class BoxDisk {

    /** As runsc names it before it takes the name away. */
    private static final String FILE_NAME = "runsc-filestore-";

    private BoxDisk() {}

    /** What the file takes on the host's disk; it is sparse, so its size says nothing. 0 when the sentry is gone. */
    static long allocatedBytes(long sentry) throws IOException {
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(sentry), "fd"))) {
            for (Path descriptor : descriptors) {
                if (holdsFile(descriptor)) {
                    return LinuxFiles.allocatedBytes(descriptor);
                }
            }
            return 0;
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (LinuxException failed) {
            if (failed.errno() == Errno.ENOENT) {
                return 0;
            }
            throw failed;
        }
    }

    private static boolean holdsFile(Path descriptor) throws IOException {
        try {
            Path target = Files.readSymbolicLink(descriptor);
            return target.getFileName() != null
                    && target.getFileName().toString().startsWith(FILE_NAME);
        } catch (NoSuchFileException closed) {
            return false;
        }
    }
}
