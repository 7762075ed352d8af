package dev.atoll.server.start;

import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory below which everything of the platform lies. */
public final class DataDirectory {
    /** Least room to start with, in bytes: the database and the log need to be able to write. */
    public static final long LEAST_FREE_BYTES = 256L << 20;

    private static final int ROOT = 0;

    private DataDirectory() {}

    /** Refuses everyone but root: mounts, namespaces and control groups need it. */
    public static void requireRoot() {
        try {
            if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(ROOT)) {
                return;
            }
        } catch (IOException e) {
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED, "/proc cannot be read.", "Mount it: mount -t proc proc /proc", e);
        }
        throw Refusal.of(
                ProblemCode.NOT_PERMITTED,
                "The platform was not started by root.",
                "Start it with sudo: sandboxes need mounts, namespaces and control groups.");
    }

    /** Makes the directory if need be; refuses one that cannot be written or is full. */
    public static void require(Path home) {
        try {
            if (!Files.isDirectory(home)) {
                Files.createDirectories(
                        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            }
            Path probe = Files.createTempFile(home, ".probe", "");
            Files.delete(probe);
        } catch (IOException e) {
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED,
                    "The data directory " + home + " cannot be written.",
                    "Make it writable for root, or set ATOLL_HOME to another directory.",
                    e);
        }
        requireRoom(home);
    }

    private static void requireRoom(Path home) {
        try {
            long free = Files.getFileStore(home).getUsableSpace();
            if (free < LEAST_FREE_BYTES) {
                throw Refusal.of(
                        ProblemCode.DISK_FULL,
                        "Only " + (free >> 20) + " MiB are free in " + home + ".",
                        "Make " + (LEAST_FREE_BYTES >> 20) + " MiB free there, or set ATOLL_HOME to another disk.");
            }
        } catch (IOException e) {
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED, "The disk of " + home + " cannot be looked at.", "Check it.", e);
        }
    }
}
