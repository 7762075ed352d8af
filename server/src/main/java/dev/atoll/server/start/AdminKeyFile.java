package dev.atoll.server.start;

import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The key of the platform's owner, in a file that only root can read. */
public final class AdminKeyFile {
    private final Path file;

    public AdminKeyFile(Path home) {
        this.file = home.resolve("admin.key");
    }

    /** The key in the file, if there is one. */
    public Optional<String> read() {
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip()).filter(key -> !key.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            throw Refusal.of(ProblemCode.NOT_PERMITTED, "The key file " + file + " cannot be read.", "Check it.", e);
        }
    }

    /** Keeps a new key. The file appears as a whole or not at all. */
    public void write(String key) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, key + "\n", StandardOpenOption.WRITE);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED,
                    "The key file " + file + " cannot be written.",
                    "Check the directory.",
                    e);
        }
    }
}
