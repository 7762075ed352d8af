package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Version 2: one hierarchy for all controllers. */
final class CgroupV2 implements BoxCgroups {

    private static final List<String> REQUIRED = List.of("cpu", "memory", "pids");

    /** runsc counts CPUs from it; where the kernel lacks it, it counts those of the host. */
    private static final String OPTIONAL = "cpuset";

    private static final long NANOS_PER_MICRO = 1_000;

    private final Path root;
    private final String parent;

    CgroupV2(Path root, String parent) throws IOException {
        this.root = root;
        this.parent = parent;
        makeParent();
    }

    /** Makes the parent group and hands the controllers down to it. */
    private void makeParent() throws IOException {
        List<String> available = words(CgroupFiles.read(root, "cgroup.controllers"));
        for (String controller : REQUIRED) {
            if (!available.contains(controller)) {
                throw new IOException("this host has no cgroup controller " + controller + " below " + root);
            }
        }
        Path ours = root.resolve(parent);
        delegate(root, available);
        Files.createDirectories(ours);
        delegate(ours, available);
    }

    private static void delegate(Path group, List<String> available) throws IOException {
        List<String> enabled = words(CgroupFiles.read(group, "cgroup.subtree_control"));
        for (String controller : REQUIRED) {
            if (!enabled.contains(controller)) {
                CgroupFiles.write(group, "cgroup.subtree_control", "+" + controller);
            }
        }
        if (available.contains(OPTIONAL) && !enabled.contains(OPTIONAL)) {
            CgroupFiles.write(group, "cgroup.subtree_control", "+" + OPTIONAL);
        }
    }

    private static List<String> words(Optional<String> text) {
        return text.map(line -> Arrays.asList(line.split("\\s+"))).orElse(List.of());
    }

    @Override
    public String pathOf(BoxId id) {
        return "/" + parent + "/" + id;
    }

    @Override
    public CpuHierarchy cpuHierarchy() {
        return new CpuHierarchy(root, true);
    }

    @Override
    public void create(BoxId id, BoxLimits limits, BoxPriority priority) throws IOException {
        if (!Files.isDirectory(root.resolve(parent))) {
            makeParent();
        }
        Path group = Files.createDirectories(group(id));
        CgroupFiles.write(group, "memory.max", Long.toString(limits.memoryBytes()));
        CgroupFiles.writeIfPresent(group, "memory.swap.max", "0");
        // A sandbox without one of its processes is of no use: all of them end, at once.
        CgroupFiles.writeIfPresent(group, "memory.oom.group", "1");
        CgroupFiles.write(group, "pids.max", Integer.toString(TaskFigures.hostTasks(limits)));
        setPriority(id, limits, priority);
        CgroupFiles.write(group, "cpu.max", CpuFigures.bootQuotaMicros(limits) + " " + CpuFigures.PERIOD_MICROS);
    }

    @Override
    public boolean hastenJoining(BoxId id, long pid) {
        return false;
    }

    @Override
    public void setPriority(BoxId id, BoxLimits limits, BoxPriority priority) throws IOException {
        if (!CgroupFiles.setIdle(group(id), priority == BoxPriority.YIELDING)) {
            CgroupFiles.write(group(id), "cpu.weight", Integer.toString(CpuFigures.weight(limits, priority)));
        }
    }

    @Override
    public void settleMemory(BoxId id, BoxLimits limits) throws IOException {
        CgroupFiles.write(group(id), "memory.max", Long.toString(limits.enforcedMemoryBytes()));
    }

    @Override
    public void settleCpu(BoxId id, BoxLimits limits) throws IOException {
        CgroupFiles.write(group(id), "cpu.max", CpuFigures.quotaMicros(limits) + " " + CpuFigures.PERIOD_MICROS);
    }

    @Override
    public List<Long> processes(BoxId id) throws IOException {
        return CgroupFiles.readProcesses(group(id));
    }

    @Override
    public MemoryEvents memoryEvents(BoxId id) throws IOException {
        Optional<String> limit = CgroupFiles.read(group(id), "memory.max");
        return limit.isEmpty()
                ? MemoryEvents.NONE
                : new MemoryEvents(
                        limit.get().equals("max") ? Long.MAX_VALUE : Long.parseLong(limit.get()),
                        CgroupFiles.readKeyed(group(id), "memory.events", "oom_kill"));
    }

    @Override
    public TaskEvents taskEvents(BoxId id) throws IOException {
        return CgroupFiles.readTaskEvents(group(id));
    }

    @Override
    public long cpuNanos(BoxId id) throws IOException {
        return CgroupFiles.readKeyed(group(id), "cpu.stat", "usage_usec") * NANOS_PER_MICRO;
    }

    @Override
    public long memoryBytes(BoxId id) throws IOException {
        return Long.parseLong(CgroupFiles.read(group(id), "memory.current").orElse("0"));
    }

    @Override
    public void remove(BoxId id) throws IOException {
        Files.deleteIfExists(group(id));
    }

    @Override
    public Set<BoxId> list() throws IOException {
        return CgroupFiles.boxes(List.of(root.resolve(parent)));
    }

    @Override
    public void removeEmptyParent() throws IOException {
        PlatformCgroup.removeWithParent(root.resolve(parent));
    }

    private Path group(BoxId id) {
        return root.resolve(parent).resolve(id.value());
    }
}
