package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the runtime keeps its files: {@code state} is runsc's own root, {@code boxes} has a bundle per box,
 * {@code empty} is the directory that an EROFS root covers. All of it is for root alone: a control socket is full
 * control over its box.
 */
final class RunscDirectories {
    private static final int REMOVALS = 3;

    private static final Pattern STATE_FILE = Pattern.compile("(?:runsc-)?(box[a-z2-7]{20})[._].*");

    private final Path root;

    RunscDirectories(Path root) {
        this.root = root;
    }

    void make() throws IOException {
        var forRootAlone = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        for (Path directory : new Path[] {root, state(), boxes(), empty()}) {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, forRootAlone);
            }
        }
    }

    Path state() {
        return root.resolve("state");
    }

    /** A mount that runsc keeps for all boxes of its root: an empty network namespace. */
    Path nullNetworkNamespace() {
        return state().resolve("null-netns");
    }

    Path empty() {
        return root.resolve("empty");
    }

    private Path boxes() {
        return root.resolve("boxes");
    }

    Path box(BoxId id) {
        return boxes().resolve(id.value());
    }

    /** Where runsc create writes why it failed. */
    Path createLog(BoxId id) {
        return box(id).resolve("create.log");
    }

    /** Where a sentry that breaks writes its last words. */
    Path panicLog(BoxId id) {
        return box(id).resolve("panic.log");
    }

    Path stateFile(BoxId id) {
        return state().resolve(id + "_sandbox:" + id + ".state");
    }

    Path controlSocket(BoxId id) {
        return state().resolve("runsc-" + id + ".sock");
    }

    Set<BoxId> list() throws IOException {
        Set<BoxId> found = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(boxes())) {
            entries.forEach(entry -> BoxId.parse(entry.getFileName().toString()).ifPresent(found::add));
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(state())) {
            for (Path entry : entries) {
                Matcher matcher = STATE_FILE.matcher(entry.getFileName().toString());
                if (matcher.matches()) {
                    BoxId.parse(matcher.group(1)).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** Removes every file of one box; may run twice. */
    void remove(BoxId id) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(state(), "*" + id + "*")) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        for (int attempt = 1; ; attempt++) {
            removeFiles(id);
            try {
                Files.deleteIfExists(box(id));
                return;
            } catch (DirectoryNotEmptyException written) {
                // Whoever else watches the box has written its exit down in between: once.
                if (attempt == REMOVALS) {
                    throw written;
                }
            }
        }
    }

    /** Flat by construction: a directory among them would be a surprise worth an exception. */
    private void removeFiles(BoxId id) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(box(id))) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        } catch (NoSuchFileException removedBefore) {
            // Nothing of it is left.
        }
    }
}
