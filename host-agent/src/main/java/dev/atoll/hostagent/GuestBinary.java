package dev.atoll.hostagent;

import dev.atoll.isolation.guest.GuestLink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32C;

/**
 * The static PID 1 of every sandbox, taken out of this program.
 *
 * @param file where it lies on this host
 * @param fingerprint what tells its content from that of other builds
 */
record GuestBinary(Path file, String fingerprint) {
    private static final String RESOURCE = "atoll-init";

    /** Puts the binary into a directory by one rename: boxes that run on an older one keep it. */
    static GuestBinary install(Path directory) throws IOException {
        Path file = directory.resolve(RESOURCE);
        Path next = directory.resolve(RESOURCE + ".next");
        CRC32C sum = new CRC32C();
        try (InputStream binary = GuestLink.class.getResourceAsStream(RESOURCE)) {
            if (binary == null) {
                throw new IOException("this build has no " + RESOURCE + ": build the module isolation anew");
            }
            byte[] content = binary.readAllBytes();
            sum.update(content);
            Files.deleteIfExists(next);
            Files.write(next, content);
        }
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return new GuestBinary(file, Long.toHexString(sum.getValue()));
    }
}
