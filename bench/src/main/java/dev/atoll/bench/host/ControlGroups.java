package dev.atoll.bench.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Control groups at the top of the hierarchies, of version 1 or 2. */
public final class ControlGroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private ControlGroups() {}

    /** Those with this name, in every hierarchy. */
    public static List<Path> named(String name) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(ROOT.resolve(name))) {
            found.add(ROOT.resolve(name));
        }
        for (Path hierarchy : below(ROOT)) {
            if (Files.isDirectory(hierarchy.resolve(name))) {
                found.add(hierarchy.resolve(name));
            }
        }
        return found;
    }

    /** The groups right below one; none when it is gone. */
    public static List<Path> below(Path group) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(group)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    /** Removes those with this name and all below them; none of them may have a process. */
    public static void remove(String name) throws IOException {
        for (Path group : named(name)) {
            removeTree(group);
        }
    }

    private static void removeTree(Path group) throws IOException {
        for (Path child : below(group)) {
            removeTree(child);
        }
        Files.deleteIfExists(group);
    }
}
