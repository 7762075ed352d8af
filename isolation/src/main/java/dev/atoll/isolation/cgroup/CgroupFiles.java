package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reading and writing the files of a hierarchy. */
final class CgroupFiles {

    private CgroupFiles() {}

    /** Writes in one write(2) without creating: a missing file means a missing controller, not a new file. */
    static void write(Path group, String file, String value) throws IOException {
        try (var channel = Files.newByteChannel(group.resolve(file), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException failed) {
            throw new IOException("cannot write " + value + " to " + group.resolve(file), failed);
        }
    }

    static void writeIfPresent(Path group, String file, String value) throws IOException {
        if (Files.exists(group.resolve(file))) {
            write(group, file, value);
        }
    }

    /**
     * Puts a group into the idle class or back into the ordinary one. The kernel refuses weights while a group is idle. False when the
     * group is in the ordinary class now, be it that the kernel has no other (before 5.15).
     */
    static boolean setIdle(Path group, boolean idle) throws IOException {
        String file = "cpu.idle";
        Optional<String> present = read(group, file);
        if (present.isEmpty()) {
            return false;
        }
        if (idle || present.get().equals("1")) {
            write(group, file, idle ? "1" : "0");
        }
        return idle;
    }

    static Optional<String> read(Path group, String file) throws IOException {
        try {
            return Optional.of(Files.readString(group.resolve(file)).strip());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** The number behind {@code key} in a file of {@code key value} lines; 0 when it is not there. */
    static long readKeyed(Path group, String file, String key) throws IOException {
        return read(group, file).stream()
                .flatMap(String::lines)
                .map(line -> line.split(" "))
                .filter(words -> words.length == 2 && words[0].equals(key))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst()
                .orElse(0);
    }

    /** The files of the pids controller, which are the same in both versions. */
    static TaskEvents readTaskEvents(Path group) throws IOException {
        Optional<String> limit = read(group, "pids.max");
        return limit.isEmpty()
                ? TaskEvents.NONE
                : new TaskEvents(
                        limit.get().equals("max") ? Integer.MAX_VALUE : Integer.parseInt(limit.get()),
                        readKeyed(group, "pids.events", "max"));
    }

    static List<Long> readProcesses(Path group) throws IOException {
        try {
            return read(group, "cgroup.procs").stream()
                    .flatMap(String::lines)
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException removedMeanwhile) {
            if (Files.exists(group)) {
                throw removedMeanwhile;
            }
            return List.of();
        }
    }

    static void addBoxes(Path parent, Set<BoxId> found) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, Files::isDirectory)) {
            groups.forEach(group -> BoxId.parse(group.getFileName().toString()).ifPresent(found::add));
        }
    }

    /** Removes a group that has no child and no process; leaves any other alone. */
    static void removeIfEmpty(Path group) throws IOException {
        if (!Files.isDirectory(group)) {
            return;
        }
        try (Stream<Path> children = Files.list(group)) {
            if (children.anyMatch(Files::isDirectory)) {
                return;
            }
        }
        try {
            Files.deleteIfExists(group);
        } catch (IOException inUse) {
            // A box of another runtime was made in it meanwhile; then it is not ours to remove.
            if (!Files.isDirectory(group)) {
                throw inUse;
            }
        }
    }

    static Set<BoxId> boxes(List<Path> parents) throws IOException {
        Set<BoxId> found = new TreeSet<>();
        for (Path parent : parents) {
            addBoxes(parent, found);
        }
        return found;
    }
}
