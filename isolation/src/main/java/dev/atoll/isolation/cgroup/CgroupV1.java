package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Version 1 and the hybrid: one hierarchy per controller.
 *
 * <p>We make the groups whose limits we set; runsc makes those of the other controllers at the same path, and
 * {@link #remove} takes all of them away.
 */
final class CgroupV1 implements BoxCgroups {

    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";
    private static final String PIDS = "pids";
    private static final List<String> LIMITED = List.of(MEMORY, CPU, PIDS);

    /** Nothing is limited by it; runsc makes our group there. */
    private static final String CPU_ACCOUNT = "cpuacct";

    private final Map<String, Path> hierarchies;
    private final String parent;

    /** {@code hierarchies}: where each controller is mounted; {@code parent}: a name below each of them. */
    CgroupV1(Map<String, Path> hierarchies, String parent) throws IOException {
        this.hierarchies = new TreeMap<>(hierarchies);
        this.parent = parent;
        for (String controller : LIMITED) {
            if (!hierarchies.containsKey(controller)) {
                throw new IOException("this host has no cgroup controller " + controller);
            }
        }
    }

    @Override
    public String pathOf(BoxId id) {
        return "/" + parent + "/" + id;
    }

    @Override
    public CpuHierarchy cpuHierarchy() {
        return new CpuHierarchy(root(CPU), false);
    }

    @Override
    public void create(BoxId id, BoxLimits limits, BoxPriority priority) throws IOException {
        for (String controller : LIMITED) {
            Files.createDirectories(group(controller, id));
        }
        raiseMemory(id, limits.memoryBytes());
        CgroupFiles.write(group(PIDS, id), "pids.max", Integer.toString(TaskFigures.hostTasks(limits)));
        Path cpu = group(CPU, id);
        setPriority(id, limits, priority);
        CgroupFiles.write(cpu, "cpu.cfs_period_us", Integer.toString(CpuFigures.PERIOD_MICROS));
        CgroupFiles.write(cpu, "cpu.cfs_quota_us", Integer.toString(CpuFigures.bootQuotaMicros(limits)));
    }

    @Override
    public boolean hastenJoining(BoxId id, long pid) {
        try {
            CgroupFiles.write(group(PIDS, id), "cgroup.procs", Long.toString(pid));
            return true;
        } catch (IOException gone) {
            // It has ended. Should it be the group that is gone, runsc will say so.
            return false;
        }
    }

    @Override
    public void setPriority(BoxId id, BoxLimits limits, BoxPriority priority) throws IOException {
        Path cpu = group(CPU, id);
        if (!CgroupFiles.setIdle(cpu, priority == BoxPriority.YIELDING)) {
            CgroupFiles.write(cpu, "cpu.shares", Integer.toString(CpuFigures.shares(limits, priority)));
        }
    }

    @Override
    public void settleMemory(BoxId id, BoxLimits limits) throws IOException {
        raiseMemory(id, limits.enforcedMemoryBytes());
    }

    @Override
    public void settleCpu(BoxId id, BoxLimits limits) throws IOException {
        CgroupFiles.write(group(CPU, id), "cpu.cfs_quota_us", Integer.toString(CpuFigures.quotaMicros(limits)));
    }

    /** The sum of memory and swap may never be below memory alone; ours are equal, so that a box never swaps. */
    private void raiseMemory(BoxId id, long bytes) throws IOException {
        Path memory = group(MEMORY, id);
        String value = Long.toString(bytes);
        String sum = "memory.memsw.limit_in_bytes";
        boolean summed = Files.exists(memory.resolve(sum));
        long present = summed ? Long.parseLong(CgroupFiles.read(memory, sum).orElse("0")) : 0;
        if (summed && present < bytes) {
            CgroupFiles.write(memory, sum, value);
        }
        CgroupFiles.write(memory, "memory.limit_in_bytes", value);
        if (summed && present > bytes) {
            CgroupFiles.write(memory, sum, value);
        }
    }

    @Override
    public List<Long> processes(BoxId id) throws IOException {
        return CgroupFiles.readProcesses(group(MEMORY, id));
    }

    @Override
    public MemoryEvents memoryEvents(BoxId id) throws IOException {
        Path memory = group(MEMORY, id);
        Optional<String> limit = CgroupFiles.read(memory, "memory.limit_in_bytes");
        return limit.isEmpty()
                ? MemoryEvents.NONE
                : new MemoryEvents(
                        Long.parseLong(limit.get()), CgroupFiles.readKeyed(memory, "memory.oom_control", "oom_kill"));
    }

    @Override
    public TaskEvents taskEvents(BoxId id) throws IOException {
        return CgroupFiles.readTaskEvents(group(PIDS, id));
    }

    @Override
    public long cpuNanos(BoxId id) throws IOException {
        return hierarchies.containsKey(CPU_ACCOUNT)
                ? Long.parseLong(CgroupFiles.read(group(CPU_ACCOUNT, id), "cpuacct.usage")
                        .orElse("0"))
                : 0;
    }

    @Override
    public long memoryBytes(BoxId id) throws IOException {
        return Long.parseLong(
                CgroupFiles.read(group(MEMORY, id), "memory.usage_in_bytes").orElse("0"));
    }

    @Override
    public void remove(BoxId id) throws IOException {
        for (String controller : hierarchies.keySet()) {
            Files.deleteIfExists(group(controller, id));
        }
    }

    @Override
    public Set<BoxId> list() throws IOException {
        return CgroupFiles.boxes(
                hierarchies.values().stream().map(root -> root.resolve(parent)).toList());
    }

    @Override
    public void removeEmptyParent() throws IOException {
        for (Path root : hierarchies.values()) {
            PlatformCgroup.removeWithParent(root.resolve(parent));
        }
    }

    private Path group(String controller, BoxId id) {
        return root(controller).resolve(parent).resolve(id.value());
    }

    private Path root(String controller) {
        Path root = hierarchies.get(controller);
        if (root == null) {
            throw new IllegalStateException("no controller " + controller);
        }
        return root;
    }
}
