package dev.atoll.hostagent.sandbox;

import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of one sandbox lie. Directories are readable by root only.
 *
 * @param directory of this sandbox
 */
record SandboxPlace(Path directory) {
    static SandboxPlace of(Path sandboxes, SandboxId id) {
        return new SandboxPlace(sandboxes.resolve(id.value()));
    }

    /** Records and output of execs. */
    Path execs() {
        return directory.resolve("execs");
    }

    /** What the running box needs. */
    Path box() {
        return directory.resolve("box");
    }

    /** The FIFO that is PID 1's stdin. */
    Path toGuest() {
        return box().resolve("in");
    }

    /** The FIFO that is PID 1's stdout. */
    Path fromGuest() {
        return box().resolve("out");
    }

    Path writable() {
        return box().resolve("writable");
    }

    /** Makes a directory of mode 0700 with its parents; one that is there stays as it is. */
    static void make(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Removes a file or directory with all in it, without following links; nothing there is fine. */
    static void remove(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
