package dev.atoll.isolation.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out which version of control groups this host runs. */
public final class HostCgroups {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final List<String> MOUNT_FLAGS = List.of("rw", "ro", "relatime", "nosuid", "nodev", "noexec");

    private HostCgroups() {}

    /**
     * The groups of boxes below {@code parent}, one path element such as {@code atoll}.
     *
     * @throws IOException when a controller that limits need is missing, or groups cannot be made here
     */
    public static BoxCgroups detect(String parent) throws IOException {
        return detect(parent, Files.readAllLines(MOUNTS));
    }

    static BoxCgroups detect(String parent, List<String> mounts) throws IOException {
        Map<String, Path> hierarchies = new HashMap<>();
        for (String line : mounts) {
            String[] words = line.split(" ");
            Path where = Path.of(words[1]);
            if (words[2].equals("cgroup2") && where.equals(ROOT)) {
                return new CgroupV2(ROOT, parent);
            }
            if (words[2].equals("cgroup") && where.startsWith(ROOT)) {
                for (String option : words[3].split(",")) {
                    if (!MOUNT_FLAGS.contains(option)) {
                        hierarchies.put(option, where);
                    }
                }
            }
        }
        return new CgroupV1(hierarchies, parent);
    }
}
