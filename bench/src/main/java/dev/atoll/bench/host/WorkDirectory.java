package dev.atoll.bench.host;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory of ours that goes at the end. */
public final class WorkDirectory {
    /** When this process is told to end, a thread of it may still write there. */
    private static final int TRIES = 20;

    private WorkDirectory() {}

    /** Removes a directory with all in it, without following links; nothing may be mounted there any more. Nothing there is fine. */
    public static void remove(Path directory) throws IOException {
        for (int tries = 1; Files.isDirectory(directory); tries++) {
            try {
                removeOnce(directory);
            } catch (DirectoryNotEmptyException written) {
                if (tries == TRIES) {
                    throw written;
                }
            }
        }
    }

    private static void removeOnce(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
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
