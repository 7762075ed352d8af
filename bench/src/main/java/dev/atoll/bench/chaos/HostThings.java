package dev.atoll.bench.chaos;

import dev.atoll.bench.host.ControlGroups;
import dev.atoll.bench.host.HostProcess;
import dev.atoll.bench.host.Mounts;
import dev.atoll.bench.host.ProcessSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is on this machine because of a platform's sandboxes: processes, mounts, control groups, sockets, FIFOs, directories. */
final class HostThings {
    /** How the platform names its sandboxes, and its runtime the boxes that they run in. */
    private static final Pattern NAME = Pattern.compile("(sbx_|box)[a-z2-7]{20}");

    /** Deep enough for what a sandbox has; below it lies what it does not name itself. */
    private static final int DEPTH = 4;

    private final Path home;
    private final String cgroupParent;

    /**
     * @param home the platform's data directory
     * @param cgroupParent the control group below which all its sandboxes have theirs
     */
    HostThings(Path home, String cgroupParent) {
        this.home = home;
        this.cgroupParent = cgroupParent;
    }

    /**
     * One thing.
     *
     * @param what with a word for its kind first
     * @param owners the sandboxes and boxes that it names
     */
    record Thing(String what, Set<String> owners) {
        static Thing of(String kind, String what) {
            Set<String> owners = new LinkedHashSet<>();
            for (Matcher matcher = NAME.matcher(what); matcher.find(); ) {
                owners.add(matcher.group());
            }
            return new Thing(kind + " " + what, owners);
        }
    }

    /**
     * Looks around.
     *
     * @param server the number of the platform's process, or 0
     */
    List<Thing> now(long server) throws IOException {
        List<Thing> things = new ArrayList<>();
        addProcesses(things, server);
        for (String point : Mounts.points()) {
            if (point.startsWith(home + "/")) {
                things.add(Thing.of("mount", point));
            }
        }
        for (Path group : ControlGroups.named(cgroupParent)) {
            for (Path child : ControlGroups.below(group)) {
                things.add(Thing.of("cgroup", child.toString()));
            }
        }
        Files.readAllLines(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains(home + "/"))
                .forEach(line -> things.add(Thing.of("socket", line.substring(line.indexOf('/')))));
        addFiles(things);
        return things;
    }

    private void addProcesses(List<Thing> things, long server) throws IOException {
        String host = home.resolve("host") + "/";
        for (HostProcess process : ProcessSnapshot.take().all()) {
            String commandLine = process.commandLine();
            if (process.pid() != server && commandLine.contains(host)) {
                things.add(Thing.of("process", process.pid() + " " + process.name() + " " + commandLine));
            } else if (process.state() == 'Z' && server != 0 && process.parent() == server) {
                things.add(Thing.of("zombie", process.pid() + " " + process.name()));
            }
        }
    }

    /** Those that name a sandbox or a box; the host has others, which are nobody's alone. */
    private void addFiles(List<Thing> things) throws IOException {
        Path host = home.resolve("host");
        if (!Files.isDirectory(host)) {
            return;
        }
        try (Stream<Path> files = Files.walk(host, DEPTH)) {
            files.filter(file -> !file.startsWith(host.resolve("images")))
                    .map(file -> Thing.of("file", file.toString()))
                    .filter(thing -> !thing.owners().isEmpty())
                    .forEach(things::add);
        } catch (UncheckedIOException goneMeanwhile) {
            if (!(goneMeanwhile.getCause() instanceof NoSuchFileException)) {
                throw goneMeanwhile;
            }
            // Then not all was seen; whoever waits for something to vanish looks again.
            things.add(Thing.of("file", host + " changes"));
        }
    }
}
