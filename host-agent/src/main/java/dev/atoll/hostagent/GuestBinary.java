package dev.atoll.hostagent;

import dev.atoll.isolation.guest.GuestLink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The static PID 1 of every sandbox, taken out of this program. */
final class GuestBinary {
    private static final String RESOURCE = "atoll-init";

    private GuestBinary() {}

    /** Puts the binary into a directory by one rename: boxes that run on an older one keep it. */
    static Path install(Path directory) throws IOException {
        Path file = directory.resolve(RESOURCE);
        Path next = directory.resolve(RESOURCE + ".next");
        try (InputStream binary = GuestLink.class.getResourceAsStream(RESOURCE)) {
            if (binary == null) {
                throw new IOException("this build has no " + RESOURCE + ": build the module isolation anew");
            }
            Files.copy(binary, next, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }
}
