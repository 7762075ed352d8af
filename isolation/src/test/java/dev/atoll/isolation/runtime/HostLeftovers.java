package dev.atoll.isolation.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What exists on this host because of one runtime: processes, zombies of this JVM, mounts, control groups, sockets and
 * files. Take a snapshot before and after, and compare: {@link #since} is empty when nothing is left.
 */
public record HostLeftovers(Set<String> things) {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /**
     * Looks around.
     *
     * @param root everything that lies or is mounted below it counts, and every process whose command line names it
     * @param cgroupParent the group whose children count, in every hierarchy
     */
    public static HostLeftovers snapshot(Path root, String cgroupParent) throws IOException {
        Set<String> found = new TreeSet<>();
        addProcesses(found, root);
        addLines(found, "mount", Path.of("/proc/self/mounts"), root.toString());
        addLines(found, "socket", Path.of("/proc/net/unix"), root.toString());
        addCgroups(found, cgroupParent);
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                files.forEach(file -> found.add("file " + file));
            }
        }
        return new HostLeftovers(found);
    }

    /** What is here now and was not {@code before}. */
    public Set<String> since(HostLeftovers before) {
        Set<String> fresh = new TreeSet<>(things);
        fresh.removeAll(before.things);
        return fresh;
    }

    private static void addProcesses(Set<String> found, Path root) throws IOException {
        String ourselves = Long.toString(ProcessHandle.current().pid());
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : entries.filter(
                            path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                String pid = entry.getFileName().toString();
                String commandLine = read(entry.resolve("cmdline")).replace('\0', ' ');
                String stat = read(entry.resolve("stat"));
                String[] afterName =
                        stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
                boolean zombieOfOurs =
                        afterName.length > 1 && afterName[0].equals("Z") && afterName[1].equals(ourselves);
                if (zombieOfOurs || (commandLine.contains(root.toString()) && !pid.equals(ourselves))) {
                    found.add("process " + pid + " " + (zombieOfOurs ? "(zombie) " + stat : commandLine));
                }
            }
        }
    }

    private static void addLines(Set<String> found, String kind, Path table, String word) throws IOException {
        Files.readAllLines(table).stream()
                .filter(line -> line.contains(word))
                .forEach(line -> found.add(kind + " " + line));
    }

    private static void addCgroups(Set<String> found, String parent) throws IOException {
        Set<Path> hierarchies;
        try (Stream<Path> entries = Files.list(CGROUPS)) {
            hierarchies = entries.filter(Files::isDirectory).collect(Collectors.toSet());
        }
        hierarchies.add(CGROUPS);
        for (Path hierarchy : hierarchies) {
            Path group = hierarchy.resolve(parent);
            if (Files.isDirectory(group)) {
                try (Stream<Path> groups = Files.list(group)) {
                    groups.filter(Files::isDirectory).forEach(child -> found.add("cgroup " + child));
                }
            }
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException goneWhileReading) {
            // ESRCH: the process ended between open and read.
            return "";
        }
    }
}
