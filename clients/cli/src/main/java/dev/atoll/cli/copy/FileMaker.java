package dev.atoll.cli.copy;

import dev.atoll.cli.tar.TarEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Makes files with the permissions and the time of an archive's entries, in as few calls as there can be. Used by one thread.
 */
final class FileMaker {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String UMASK = "Umask:";
    private static final int OCTAL = 8;

    private final int masked;
    private int knownMode = -1;
    private FileAttribute<Set<PosixFilePermission>> known = PosixFilePermissions.asFileAttribute(Set.of());

    FileMaker() {
        this.masked = umask();
    }

    /** What the process takes from the permissions of what it makes; everything when that cannot be found out. */
    private static int umask() {
        try {
            List<String> lines = Files.readAllLines(STATUS);
            for (String line : lines) {
                if (line.startsWith(UMASK)) {
                    return Integer.parseInt(line.substring(UMASK.length()).strip(), OCTAL);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Then each file gets its permissions once more.
        }
        return TreeUnpacker.PERMISSIONS;
    }

    /** Makes it anew: whatever took the name is removed and never written through. */
    FileChannel create(Path path, TarEntry entry) throws IOException {
        FileAttribute<Set<PosixFilePermission>> permissions = permissions(entry.mode());
        try {
            return FileChannel.open(path, NEW, permissions);
        } catch (FileAlreadyExistsException there) {
            TreeUnpacker.clear(path, entry);
            return FileChannel.open(path, NEW, permissions);
        }
    }

    private FileAttribute<Set<PosixFilePermission>> permissions(int mode) {
        if (mode != knownMode) {
            known = PosixFilePermissions.asFileAttribute(TreeUnpacker.permissions(mode));
            knownMode = mode;
        }
        return known;
    }

    static void write(FileChannel out, byte[] bytes, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
        while (left.hasRemaining()) {
            out.write(left);
        }
    }

    /** After its content: what making it has not given it. */
    void dress(Path path, TarEntry entry) throws IOException {
        if ((entry.mode() & masked & TreeUnpacker.PERMISSIONS) != 0) {
            Files.setPosixFilePermissions(path, permissions(entry.mode()).value());
        }
        FileTime time = TreeUnpacker.time(entry);
        // With the time of the last access said too, the JDK need not look it up.
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, time, null);
    }
}
