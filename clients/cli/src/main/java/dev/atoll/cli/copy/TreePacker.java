package dev.atoll.cli.copy;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.tar.TarEntry;
import dev.atoll.cli.tar.TarWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Packs what is in a directory of this machine. Links are kept and not followed, files with several names stay one file; sockets and
 * devices are left out and told.
 */
final class TreePacker {
    private static final byte[] NONE = {};
    private static final int BUFFER_BYTES = 256 * 1_024;
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int PIPE = 0010000;

    private final TarWriter tar;
    private final Tally tally;
    private final Consumer<String> note;
    private final Map<String, byte[]> firstNames = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    /** What a file is read into: a read into an array would go through a buffer of the JDK's as well. */
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);

    TreePacker(OutputStream out, Tally tally, Consumer<String> note) {
        this.tar = new TarWriter(out);
        this.tally = tally;
        this.note = note;
    }

    /** Writes the whole archive. What cannot be read is a problem; an {@code IOException} is the receiver's. */
    void pack(Path directory) throws IOException {
        below(directory, NONE);
        tar.end();
    }

    private void below(Path directory, byte[] prefix) throws IOException {
        for (Path path : names(directory)) {
            Map<String, Object> attributes = attributes(path);
            byte[] name = joined(prefix, NameBytes.ofLast(path));
            int mode = (int) attributes.getOrDefault("mode", 0);
            switch (mode & TYPE_MASK) {
                case REGULAR -> file(path, name, attributes);
                case DIRECTORY -> {
                    tar.begin(entry(name, TarEntry.Type.DIRECTORY, attributes, 0, NONE));
                    tally.entry();
                    below(path, name);
                }
                case LINK -> {
                    byte[] target = target(path);
                    tar.begin(entry(name, TarEntry.Type.SYMBOLIC_LINK, attributes, 0, target));
                    tally.entry();
                }
                case PIPE -> {
                    tar.begin(entry(name, TarEntry.Type.FIFO, attributes, 0, NONE));
                    tally.entry();
                }
                default -> note.accept("left out " + shown(path) + ": it is a socket or a device");
            }
        }
    }

    private void file(Path path, byte[] name, Map<String, Object> attributes) throws IOException {
        if ((int) attributes.getOrDefault("nlink", 1) > 1) {
            String inode = attributes.get("dev") + ":" + attributes.get("ino");
            byte[] first = firstNames.putIfAbsent(inode, name);
            if (first != null) {
                tar.begin(entry(name, TarEntry.Type.HARD_LINK, attributes, 0, first));
                tally.entry();
                return;
            }
        }
        long size = (long) attributes.getOrDefault("size", 0L);
        try (FileChannel in = opened(path)) {
            tar.begin(entry(name, TarEntry.Type.FILE, attributes, size, NONE));
            long left = size;
            while (left > 0) {
                int n = read(path, in, (int) Math.min(left, buffer.length));
                tar.content(buffer, n);
                tally.bytes(n);
                left -= n;
            }
        }
        tally.entry();
    }

    private static TarEntry entry(
            byte[] name, TarEntry.Type type, Map<String, Object> attributes, long size, byte[] link) {
        int mode = (int) attributes.getOrDefault("mode", 0) & 07777;
        FileTime modified = (FileTime) attributes.getOrDefault("lastModifiedTime", FileTime.fromMillis(0));
        return new TarEntry(name, type, mode, size, Math.floorDiv(modified.toMillis(), 1_000L), 0, link);
    }

    private static byte[] joined(byte[] prefix, byte[] name) {
        if (prefix.length == 0) {
            return name;
        }
        byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        joined[prefix.length] = '/';
        System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
        return joined;
    }

    private static List<Path> names(Path directory) {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(names::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw unreadable(directory, e);
        }
        names.sort(null);
        return names;
    }

    private static Map<String, Object> attributes(Path path) {
        try {
            return Files.readAttributes(
                    path, "unix:mode,size,lastModifiedTime,nlink,ino,dev", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static byte[] target(Path link) {
        try {
            return NameBytes.ofTarget(Files.readSymbolicLink(link));
        } catch (IOException e) {
            throw unreadable(link, e);
        }
    }

    private static FileChannel opened(Path path) {
        try {
            return FileChannel.open(path, READ);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** A file that has shrunk since its size was read cannot be packed any more. */
    private int read(Path path, FileChannel in, int most) {
        try {
            int n = in.read(direct.clear().limit(most));
            if (n < 0) {
                throw new IOException("it has shrunk while it was read");
            }
            direct.get(0, buffer, 0, n);
            return n;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static RuntimeException unreadable(Path path, Exception why) {
        String reason = Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? (why instanceof AccessDeniedException ? "permission denied" : String.valueOf(why.getMessage()))
                : "there is no such file";
        return Problem.of(
                        "file_unreadable",
                        ExitCode.NOT_FOUND,
                        shown(path) + " cannot be read: " + reason + ".",
                        "Check the path and its permissions.")
                .asException();
    }

    static String shown(Path path) {
        StringBuilder shown = new StringBuilder();
        path.toString()
                .codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
