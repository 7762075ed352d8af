package dev.atoll.cli.copy;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.tar.TarEntry;
import dev.atoll.cli.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Unpacks an archive that a sandbox made, and trusts none of it: no name leads out of the directory, neither by {@code ..} nor through a
 * link, whether the archive or someone before it made that link; no device is made, no file gets more than the usual permission bits
 * (setuid, setgid and sticky are dropped), and what is made belongs to whoever runs this.
 */
final class TreeUnpacker {
    private static final int PERMISSIONS = 0777;
    private static final long MOST_SECONDS = 1L << 33;

    private record Pending(Path directory, Set<PosixFilePermission> permissions, FileTime time) {}

    private final Path root;
    private final Tally tally;
    private final Consumer<String> note;
    private final Set<Path> knownDirectories = new HashSet<>();
    private final List<Pending> pending = new ArrayList<>();
    private final byte[] buffer = new byte[256 * 1_024];

    /** @param root a directory that is there */
    TreeUnpacker(Path root, Tally tally, Consumer<String> note) throws IOException {
        this.root = root.toRealPath();
        this.tally = tally;
        this.note = note;
        knownDirectories.add(this.root);
    }

    void unpack(InputStream archive) throws IOException {
        TarReader tar = new TarReader(archive);
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            Path path = placed(entry.name(), entry);
            if (!path.equals(root)) {
                make(tar, entry, path);
                tally.entry();
            }
        }
        // A directory's own permissions and time last, since making what is in it needs the one and changes the other.
        for (Pending late : pending.reversed()) {
            Files.setPosixFilePermissions(late.directory(), late.permissions());
            Files.setLastModifiedTime(late.directory(), late.time());
        }
    }

    private void make(TarReader tar, TarEntry entry, Path path) throws IOException {
        switch (entry.type()) {
            case DIRECTORY -> {
                directory(path, entry);
                pending.add(new Pending(path, permissions(entry.mode()), time(entry)));
            }
            case FILE -> {
                clear(path, entry);
                file(tar, entry, path);
            }
            case SYMBOLIC_LINK -> {
                clear(path, entry);
                Files.createSymbolicLink(path, target(entry));
            }
            case HARD_LINK -> {
                Path first = placed(entry.link(), entry);
                if (!Files.isRegularFile(first, LinkOption.NOFOLLOW_LINKS)) {
                    throw refused(entry, "it is to be another name of what is not a file here");
                }
                clear(path, entry);
                Files.createLink(path, first);
            }
            case FIFO -> {
                clear(path, entry);
                pipe(path, entry);
            }
            case OTHER -> note.accept("left out " + entry.shownName() + ": it is a device");
        }
    }

    /** The path of a name, below directories that are directories. */
    private Path placed(byte[] name, TarEntry entry) throws IOException {
        if (name.length > 0 && name[0] == '/') {
            throw refused(entry, "its name is absolute");
        }
        Path path = root;
        int at = 0;
        while (at < name.length) {
            int end = at;
            while (end < name.length && name[end] != '/') {
                end++;
            }
            byte[] part = Arrays.copyOfRange(name, at, end);
            at = end + 1;
            if (isDots(part, 2)) {
                throw refused(entry, "its name leads up");
            }
            if (part.length > 0 && !isDots(part, 1)) {
                if (!path.equals(root)) {
                    directory(path, entry);
                }
                path = child(path, part, entry);
            }
        }
        return path;
    }

    private static boolean isDots(byte[] part, int count) {
        return part.length == count && part[0] == '.' && part[count - 1] == '.';
    }

    private static Path child(Path directory, byte[] part, TarEntry entry) {
        try {
            return NameBytes.in(directory, part);
        } catch (InvalidPathException e) {
            throw refused(entry, "its name is none on this machine");
        }
    }

    /** Sees to it that a directory is there, and that it is one and no link to one. */
    private void directory(Path path, TarEntry entry) throws IOException {
        if (knownDirectories.contains(path)) {
            return;
        }
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(entry, "a part of its path is a link or a file here");
            }
        }
        knownDirectories.add(path);
    }

    private static void clear(Path path, TarEntry entry) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(entry, "there is a directory of that name here");
        }
        Files.deleteIfExists(path);
    }

    /** Makes it anew: whatever took the name since it was cleared is not written through. */
    private void file(TarReader tar, TarEntry entry, Path path) throws IOException {
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                out.write(buffer, 0, n);
                tally.bytes(n);
            }
        }
        Files.setPosixFilePermissions(path, permissions(entry.mode()));
        Files.setLastModifiedTime(path, time(entry));
    }

    private static Path target(TarEntry entry) {
        try {
            return NameBytes.path(entry.link());
        } catch (IllegalArgumentException e) {
            throw refused(entry, "it points to what is no path");
        }
    }

    /** Java makes no FIFOs; the program that does is on every Linux. */
    private void pipe(Path path, TarEntry entry) throws IOException {
        String mode = Integer.toOctalString(entry.mode() & PERMISSIONS);
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", mode, "--", path.toString())
                .redirectErrorStream(true)
                .start();
        mkfifo.getInputStream().readAllBytes();
        try {
            if (mkfifo.waitFor() != 0) {
                note.accept("left out " + entry.shownName() + ": the FIFO could not be made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            // The constants are in the order of the bits, the owner's read first.
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    /** A time that no clock has is moved to the nearest that file systems take. */
    private static FileTime time(TarEntry entry) {
        long seconds = Math.clamp(entry.mtimeSeconds(), -MOST_SECONDS, MOST_SECONDS);
        return FileTime.from(Instant.ofEpochSecond(seconds, entry.mtimeNanos()));
    }

    private static RuntimeException refused(TarEntry entry, String why) {
        return Problem.of(
                        "archive_refused",
                        ExitCode.NOT_PERMITTED,
                        "'" + entry.shownName() + "' of the sandbox's archive is not unpacked: " + why + ".",
                        "Copy into an empty directory; if it stays, the sandbox's files are made to do harm.")
                .asException();
    }
}
