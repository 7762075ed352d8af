package dev.atoll.manager.database;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The programs of Postgres, unpacked once from the archive on the class path into a directory named by its content. */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String NAME_PREFIX = "binaries-";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** Unpacks what is not unpacked yet. A crash in the middle leaves nothing that looks complete. */
    static PostgresBinaries unpackInto(Path directory) throws IOException {
        URL archive = PostgresBinaries.class.getResource(ARCHIVE);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (archive == null || !(machine.equals("amd64") || machine.equals("x86_64"))) {
            throw Problem.of(
                            ProblemCode.TOOL_MISSING,
                            "There is no Postgres to embed for this machine (" + machine + ").",
                            "Run a Postgres and name it in ATOLL_DATABASE_URL.")
                    .asException();
        }
        Path home = directory.resolve(NAME_PREFIX + fingerprint(archive));
        if (!Files.isDirectory(home)) {
            Path unfinished = Files.createTempDirectory(directory, "unpacking-");
            try (InputStream in = archive.openStream()) {
                unpack(in, unfinished);
            }
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
            moveIntoPlace(unfinished, home);
        }
        return new PostgresBinaries(home);
    }

    /** Somebody else may have been faster; one copy is as good as the other. */
    private static void moveIntoPlace(Path unfinished, Path home) throws IOException {
        try {
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            deleteTree(unfinished);
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /** Deletes what earlier versions and crashes left. Only to be called when no server of another version runs. */
    void deleteOthers() throws IOException {
        try (Stream<Path> siblings = Files.list(home.getParent())) {
            List<Path> leftovers = siblings.filter(
                            path -> path.getFileName().toString().startsWith(NAME_PREFIX)
                                    || path.getFileName().toString().startsWith("unpacking-"))
                    .filter(path -> !path.equals(home))
                    .toList();
            for (Path leftover : leftovers) {
                deleteTree(leftover);
            }
        }
    }

    /** The checksum that the jar keeps of the archive anyway: to read the archive for a name would cost every start. */
    private static String fingerprint(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        return connection instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : Long.toHexString(connection.getContentLengthLong());
    }

    private static void unpack(InputStream archive, Path into) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(archive, BUFFER_BYTES)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("the archive of Postgres has an entry outside of it: " + entry.getName());
                }
                unpack(tar, entry, target);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, target);
            if ((entry.getMode() & 0100) != 0) {
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
