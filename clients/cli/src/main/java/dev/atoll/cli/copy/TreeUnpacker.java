package dev.atoll.cli.copy;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.tar.TarEntry;
import dev.atoll.cli.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Unpacks an archive that a sandbox made, and trusts none of it: no name leads out of the directory, neither by {@code ..} nor through a
 * link, whether the archive or someone before it made that link; no device is made, no file gets more than the usual permission bits
 * (setuid, setgid and sticky are dropped), and what is made belongs to whoever runs this.
 */
final class TreeUnpacker {
    static final int PERMISSIONS = 0777;
    private static final long MOST_SECONDS = 1L << 33;

    private record Pending(Path directory, Set<PosixFilePermission> permissions, FileTime time) {}

    private final Path root;
    private final Tally tally;
    private final Consumer<String> note;
    private final Set<Path> knownDirectories = new HashSet<>();
    private final List<Pending> pending = new ArrayList<>();
    private final byte[] buffer = new byte[256 * 1_024];
    private final FileMaker maker = new FileMaker();
    private final SmallFiles smallFiles;
    private byte[] lastParentName = {};
    private Path lastParent;

    /**
     * @param root a directory that is there
     * @param threads make small files while the next ones arrive
     */
    TreeUnpacker(Path root, Tally tally, Consumer<String> note, ThreadFactory threads) throws IOException {
        this.root = root.toRealPath();
        this.lastParent = this.root;
        this.tally = tally;
        this.note = note;
        this.smallFiles = new SmallFiles(threads);
        knownDirectories.add(this.root);
    }

    void unpack(InputStream archive) throws IOException {
        TarReader tar = new TarReader(archive);
        try (smallFiles) {
            entries(tar);
            smallFiles.await();
        }
        // A directory's own permissions and time last, since making what is in it needs the one and changes the other.
        for (Pending late : pending.reversed()) {
            Files.setPosixFilePermissions(late.directory(), late.permissions());
            Files.setLastModifiedTime(late.directory(), late.time());
        }
    }

    private void entries(TarReader tar) throws IOException {
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            Path path = placed(entry.name(), entry);
            if (!path.equals(root)) {
                make(tar, entry, path);
                tally.entry();
            }
        }
    }

    private void make(TarReader tar, TarEntry entry, Path path) throws IOException {
        if (entry.type() == TarEntry.Type.FILE && entry.size() <= SmallFiles.MOST_BYTES) {
            smallFiles.add(path, entry, tar.readAll());
            tally.bytes(entry.size());
            return;
        }
        if (entry.type() != TarEntry.Type.DIRECTORY) {
            // It may replace one of them, or be another name of it.
            smallFiles.await();
        }
        switch (entry.type()) {
            case DIRECTORY -> {
                directory(path, entry);
                pending.add(new Pending(path, permissions(entry.mode()), time(entry)));
            }
            case FILE -> file(tar, entry, path);
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

    /** The path of a name, below directories that are directories. Most names have the parent of the one before. */
    private Path placed(byte[] name, TarEntry entry) throws IOException {
        int slash = name.length - 1;
        while (slash >= 0 && name[slash] != '/') {
            slash--;
        }
        byte[] last = Arrays.copyOfRange(name, slash + 1, name.length);
        boolean plain = slash > 0 && last.length > 0 && !isDots(last, 1) && !isDots(last, 2);
        if (plain && Arrays.equals(name, 0, slash, lastParentName, 0, lastParentName.length)) {
            return child(lastParent, last, entry);
        }
        Path path = walked(name, entry);
        Path parent = path.getParent();
        if (plain && parent != null) {
            lastParentName = Arrays.copyOf(name, slash);
            lastParent = parent;
        }
        return path;
    }

    private Path walked(byte[] name, TarEntry entry) throws IOException {
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

    static void clear(Path path, TarEntry entry) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(entry, "there is a directory of that name here");
        }
        Files.deleteIfExists(path);
    }

    private void file(TarReader tar, TarEntry entry, Path path) throws IOException {
        try (FileChannel out = maker.create(path, entry)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                FileMaker.write(out, buffer, n);
                tally.bytes(n);
            }
        }
        maker.dress(path, entry);
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
    static FileTime time(TarEntry entry) {
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
