package dev.atoll.hostagent.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The journals of all things of one kind: a file each, named after the thing, in a directory that only root can read. Thread-safe.
 *
 * @param <E> the type of entries
 */
public final class JournalDirectory<E> {
    private static final String SUFFIX = ".journal";

    private final Path directory;
    private final Class<E> type;

    JournalDirectory(Path directory, Class<E> type) {
        this.directory = directory;
        this.type = type;
    }

    /** The journal of a thing, made when absent. {@code name} is its id, which is safe as a file name. */
    public Journal<E> open(String name) {
        try {
            return new Journal<>(RecordFile.open(fileOf(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is left of a thing. Twice is harmless. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(fileOf(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all things that have a journal now. */
    public Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files()) {
            names.add(nameOf(file));
        }
        return names;
    }

    /**
     * All journals there are, by name; no entries where an earlier life died before the first was whole. For a time at which nothing is
     * made or removed.
     */
    public Map<String, List<E>> read() throws IOException {
        Map<String, List<E>> found = new TreeMap<>();
        for (Path file : files()) {
            List<E> entries = new ArrayList<>();
            for (byte[] record : RecordFile.read(file)) {
                Json.read(record, type).ifPresent(entries::add);
            }
            found.put(nameOf(file), List.copyOf(entries));
        }
        return found;
    }

    private static String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    long bytes() throws IOException {
        long sum = 0;
        for (Path file : files()) {
            sum += Files.exists(file) ? Files.size(file) : 0;
        }
        return sum;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            all.forEach(files::add);
        }
        return files;
    }

    private Path fileOf(String name) {
        return directory.resolve(name + SUFFIX);
    }
}
