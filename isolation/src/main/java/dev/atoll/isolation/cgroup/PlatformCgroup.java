package dev.atoll.isolation.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control group for this process and what it starts, beside those of boxes.
 *
 * <p>The kernel lets a thread take the CPU from one of the idle class at once, but it compares the two groups where their ways to the root
 * meet. Boxes that yield are idle among their siblings only. So whoever serves sandboxes has to be a sibling too: beside a fork bomb the
 * p99 of somebody else's command was 3.6 times its usual one while the platform was in the root group, and 1.9 times it from here.
 *
 * <p>On version 1 the CPU's hierarchy alone is changed. On version 2 there is but one: a process that is in a unit of systemd's stays
 * there, where its operator gave it limits.
 */
public final class PlatformCgroup implements AutoCloseable {
    static final String NAME = "platform";

    private static final Logger LOG = LoggerFactory.getLogger(PlatformCgroup.class);
    private static final Path OWN_GROUPS = Path.of("/proc/self/cgroup");
    private static final String SERVICE = ".service";

    private final Path root;
    private final Path parent;
    private final String before;

    private PlatformCgroup(Path root, Path parent, String before) {
        this.root = root;
        this.parent = parent;
        this.before = before;
    }

    /**
     * Goes there; to be called before anything is started. Where that cannot be, everything works as before, only slower beside greedy
     * boxes: empty, with a line in the log.
     *
     * @param parent of the groups of boxes, see {@link HostCgroups#detect}
     */
    public static Optional<PlatformCgroup> join(String parent) {
        try {
            BoxCgroups boxes = HostCgroups.detect(parent);
            return join(
                    boxes.cpuHierarchy(),
                    parent,
                    Files.readAllLines(OWN_GROUPS),
                    ProcessHandle.current().pid());
        } catch (IOException e) {
            LOG.info("the platform stays in its control group: {}", e.toString());
            return Optional.empty();
        }
    }

    /** @param ownGroups the lines of {@code /proc/PID/cgroup} */
    static Optional<PlatformCgroup> join(CpuHierarchy hierarchy, String parent, List<String> ownGroups, long pid)
            throws IOException {
        String before = ownGroup(hierarchy, ownGroups);
        if (hierarchy.unified() && before.contains(SERVICE)) {
            LOG.info("the platform stays in its unit's control group {}", before);
            return Optional.empty();
        }
        Path parentGroup = hierarchy.root().resolve(parent);
        try {
            enter(hierarchy, parentGroup, pid);
        } catch (IOException e) {
            removeWithParent(parentGroup);
            throw e;
        }
        // After the death of an earlier life its own groups are these.
        boolean again = before.equals("/" + parent + "/" + NAME);
        return Optional.of(new PlatformCgroup(hierarchy.root(), parentGroup, again ? "/" : before));
    }

    private static void enter(CpuHierarchy hierarchy, Path parent, long pid) throws IOException {
        Path group = Files.createDirectories(parent.resolve(NAME));
        int cores = Runtime.getRuntime().availableProcessors();
        if (hierarchy.unified()) {
            CgroupFiles.write(group, "cpu.weight", Integer.toString(CpuFigures.weightOfCores(cores)));
        } else {
            // On each core as much as one thread of anybody else; a weight of version 1 is one for all cores together.
            String shares = Integer.toString(CpuFigures.sharesOfCores(cores));
            CgroupFiles.write(parent, "cpu.shares", shares);
            CgroupFiles.write(group, "cpu.shares", shares);
        }
        CgroupFiles.write(group, "cgroup.procs", Long.toString(pid));
    }

    private static String ownGroup(CpuHierarchy hierarchy, List<String> lines) throws IOException {
        for (String line : lines) {
            String[] words = line.split(":", 3);
            boolean here = hierarchy.unified()
                    ? words[0].equals("0")
                    : words.length == 3 && List.of(words[1].split(",")).contains("cpu");
            if (words.length == 3 && here) {
                return words[2];
            }
        }
        throw new IOException("this process is in no group of the CPU's hierarchy");
    }

    /** Goes back to where this process came from, and removes the group unless something that was started in it lives on. */
    @Override
    public void close() {
        try {
            Path back = root.resolve(before.substring(1));
            // In a container the kernel may name it as the host sees it.
            Path where = Files.isDirectory(back) ? back : root;
            CgroupFiles.write(
                    where, "cgroup.procs", Long.toString(ProcessHandle.current().pid()));
            removeWithParent(parent);
        } catch (IOException e) {
            LOG.debug("the platform ends in its control group: {}", e.toString());
        }
    }

    /** Removes what a platform has left, and then the parent; neither while there is anything in it. */
    static void removeWithParent(Path parent) throws IOException {
        CgroupFiles.removeIfEmpty(parent.resolve(NAME));
        CgroupFiles.removeIfEmpty(parent);
    }
}
