package dev.atoll.bench.peer;

import dev.atoll.bench.problem.BenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A small root file system: one static busybox under the names that are used, and two programs that do nothing. */
public final class BusyboxTree {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> DIRECTORIES = List.of("bin", "dev", "etc", "proc", "sys", "tmp");
    private static final List<String> NAMES = List.of("cat", "dd", "mkfifo", "seq", "sh", "sleep", "true");
    private static final String NOTHING = "bin/nothing";
    private static final String MUSL_TRUE = "bin/musl-true";
    private static final int EXECUTABLE = 0755;

    private BusyboxTree() {}

    /** Refuses when there is no busybox. */
    public static void require() {
        if (!Files.isExecutable(BUSYBOX)) {
            throw BenchException.unavailable(
                    "busybox_missing",
                    "There is no " + BUSYBOX + ", which all sides run.",
                    "sudo apt-get install busybox-static");
        }
    }

    /** Writes the tree into a new directory. */
    public static void writeTo(Path root) throws IOException {
        Files.createDirectory(root);
        for (String directory : DIRECTORIES) {
            Files.createDirectory(root.resolve(directory));
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        writeProgram(root.resolve(NOTHING), TinyProgram.elf());
        writeProgram(root.resolve(MUSL_TRUE), MuslProgram.elf());
        for (String name : NAMES) {
            Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
        }
    }

    private static void writeProgram(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The same tree as a tar. */
    public static byte[] tar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String directory : DIRECTORIES) {
                put(tar, new TarArchiveEntry(directory + "/"), new byte[0]);
            }
            put(tar, new TarArchiveEntry("bin/busybox"), Files.readAllBytes(BUSYBOX));
            put(tar, new TarArchiveEntry(NOTHING), TinyProgram.elf());
            put(tar, new TarArchiveEntry(MUSL_TRUE), MuslProgram.elf());
            for (String name : NAMES) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + name, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                put(tar, link, new byte[0]);
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        entry.setMode(EXECUTABLE);
        entry.setIds(0, 0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
