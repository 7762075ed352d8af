package dev.atoll.isolation.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that are written, over plain directories; the kernel's part is shown by the runsc tests. */
class BoxCgroupsTest {

    private static final BoxId ID = new BoxId("boxaaaaaaaaaaaaaaaaaaaa");
    private static final BoxLimits LIMITS =
            BoxLimits.of(256L << 20, 500).withPids(100).withMemoryHeadroom(128L << 20);

    @TempDir
    Path root;

    private void file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String read(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    @Test
    void versionTwoBootsWithinTheRequestAndSettlesToTheLimits() throws IOException {
        file("cgroup.controllers", "cpuset cpu io memory pids");
        file("cgroup.subtree_control", "cpu memory pids cpuset");
        file("atoll/cgroup.subtree_control", "cpu memory pids cpuset");
        String box = "atoll/" + ID + "/";
        for (String name :
                List.of("memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.weight", "cpu.max")) {
            file(box + name, "");
        }
        file(box + "memory.events", "low 0\nhigh 0\nmax 3\noom 2\noom_kill 1\n");
        file(box + "pids.events", "max 7\n");
        file(box + "cpu.stat", "usage_usec 1500\nuser_usec 1\n");
        file(box + "cgroup.procs", "12\n34\n");
        BoxCgroups groups = new CgroupV2(root, "atoll");

        groups.create(ID, LIMITS, BoxPriority.NORMAL);
        assertThat(read(box + "memory.max")).isEqualTo(Long.toString(256L << 20));
        assertThat(read(box + "memory.swap.max")).isEqualTo("0");
        assertThat(read(box + "memory.oom.group")).isEqualTo("1");
        assertThat(read(box + "cpu.max")).isEqualTo("200000 100000");
        assertThat(read(box + "cpu.weight")).isEqualTo("20");
        assertThat(read(box + "pids.max")).isEqualTo("1312");
        groups.settleMemory(ID, LIMITS);
        groups.settleCpu(ID, LIMITS);

        assertThat(read(box + "memory.max")).startsWith(Long.toString(384L << 20));
        assertThat(read(box + "cpu.max")).startsWith("50000 100000");
        assertThat(groups.memoryEvents(ID)).isEqualTo(new MemoryEvents(384L << 20, 1));
        assertThat(groups.taskEvents(ID)).isEqualTo(new TaskEvents(1312, 7));
        assertThat(groups.cpuNanos(ID)).isEqualTo(1_500_000);
        assertThat(groups.processes(ID)).containsExactly(12L, 34L);
        assertThat(groups.list()).containsExactly(ID);
        assertThat(groups.pathOf(ID)).isEqualTo("/atoll/" + ID);
    }

    @Test
    void versionTwoHandsItsControllersDown() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file("cgroup.subtree_control", "");
        file("atoll/cgroup.subtree_control", "");

        new CgroupV2(root, "atoll");

        assertThat(read("cgroup.subtree_control")).startsWith("+pids");
        assertThat(read("atoll/cgroup.subtree_control")).startsWith("+pids");
    }

    @Test
    void versionOneRaisesTheSumWithSwapFirst() throws IOException {
        String box = "/atoll/" + ID + "/";
        for (String name : List.of(
                "memory" + box + "memory.limit_in_bytes",
                "pids" + box + "pids.max",
                "cpu" + box + "cpu.shares",
                "cpu" + box + "cpu.cfs_period_us",
                "cpu" + box + "cpu.cfs_quota_us")) {
            file(name, "");
        }
        file("memory" + box + "memory.memsw.limit_in_bytes", "9223372036854771712");
        file("memory" + box + "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        BoxCgroups groups = new CgroupV1(
                Map.of("memory", root.resolve("memory"), "cpu", root.resolve("cpu"), "pids", root.resolve("pids")),
                "atoll");

        groups.create(ID, LIMITS, BoxPriority.NORMAL);

        assertThat(read("memory" + box + "memory.limit_in_bytes")).isEqualTo(Long.toString(256L << 20));
        assertThat(read("memory" + box + "memory.memsw.limit_in_bytes")).startsWith(Long.toString(256L << 20));
        assertThat(read("cpu" + box + "cpu.shares")).isEqualTo("512");
        assertThat(groups.memoryEvents(ID)).isEqualTo(new MemoryEvents(256L << 20, 2));
    }

    @Test
    void onlyVersionOneGainsByJoiningMeanwhile() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file("cgroup.subtree_control", "cpu memory pids");
        file("two/cgroup.subtree_control", "cpu memory pids");
        file("pids/one/" + ID + "/cgroup.procs", "");
        BoxCgroups one = new CgroupV1(
                Map.of("memory", root.resolve("memory"), "cpu", root.resolve("cpu"), "pids", root.resolve("pids")),
                "one");

        assertThat(one.hastenJoining(ID, 4711)).isTrue();
        assertThat(read("pids/one/" + ID + "/cgroup.procs")).isEqualTo("4711");
        Files.delete(root.resolve("pids/one/" + ID + "/cgroup.procs"));
        assertThat(one.hastenJoining(ID, 4711)).as("refused").isFalse();
        assertThat(new CgroupV2(root, "two").hastenJoining(ID, 4711)).isFalse();
    }

    @Test
    void aBackgroundBoxWeighsNextToNothing() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file("cgroup.subtree_control", "cpu memory pids");
        file("two/cgroup.subtree_control", "cpu memory pids");
        file("two/" + ID + "/cpu.weight", "");
        file("cpu/one/" + ID + "/cpu.shares", "");
        BoxCgroups two = new CgroupV2(root, "two");
        BoxCgroups one = new CgroupV1(
                Map.of("memory", root.resolve("memory"), "cpu", root.resolve("cpu"), "pids", root.resolve("pids")),
                "one");

        two.setPriority(ID, LIMITS, BoxPriority.BACKGROUND);
        one.setPriority(ID, LIMITS, BoxPriority.BACKGROUND);
        assertThat(read("two/" + ID + "/cpu.weight")).isEqualTo("1");
        assertThat(read("cpu/one/" + ID + "/cpu.shares")).isEqualTo("16");

        two.setPriority(ID, LIMITS, BoxPriority.NORMAL);
        one.setPriority(ID, LIMITS, BoxPriority.NORMAL);
        assertThat(read("two/" + ID + "/cpu.weight")).isEqualTo("20");
        assertThat(read("cpu/one/" + ID + "/cpu.shares")).isEqualTo("512");
    }

    @Test
    void aYieldingBoxIsIdleAndHasItsWeightBackAfterwards() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file("cgroup.subtree_control", "cpu memory pids");
        file("two/cgroup.subtree_control", "cpu memory pids");
        file("two/" + ID + "/cpu.weight", "7");
        file("two/" + ID + "/cpu.idle", "0");
        file("cpu/one/" + ID + "/cpu.shares", "7");
        BoxCgroups two = new CgroupV2(root, "two");
        BoxCgroups one = new CgroupV1(
                Map.of("memory", root.resolve("memory"), "cpu", root.resolve("cpu"), "pids", root.resolve("pids")),
                "one");

        two.setPriority(ID, LIMITS, BoxPriority.YIELDING);
        one.setPriority(ID, LIMITS, BoxPriority.YIELDING);
        assertThat(read("two/" + ID + "/cpu.idle")).isEqualTo("1");
        assertThat(read("two/" + ID + "/cpu.weight")).isEqualTo("7");
        assertThat(read("cpu/one/" + ID + "/cpu.shares"))
                .as("a kernel without idle groups")
                .isEqualTo("16");

        two.setPriority(ID, LIMITS, BoxPriority.NORMAL);
        assertThat(read("two/" + ID + "/cpu.idle")).isEqualTo("0");
        assertThat(read("two/" + ID + "/cpu.weight")).isEqualTo("20");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> new CgroupV2(root, "atoll")).hasMessageContaining("no cgroup controller cpu");
        assertThatThrownBy(() -> new CgroupV1(Map.of(), "atoll")).hasMessageContaining("no cgroup controller memory");
    }

    @Test
    void aGroupThatIsGoneHasNothing() throws IOException {
        file("cgroup.controllers", "cpu memory pids");
        file("cgroup.subtree_control", "cpu memory pids");
        file("atoll/cgroup.subtree_control", "cpu memory pids");
        BoxCgroups groups = new CgroupV2(root, "atoll");

        assertThat(groups.memoryEvents(ID)).isEqualTo(MemoryEvents.NONE);
        assertThat(groups.taskEvents(ID)).isEqualTo(TaskEvents.NONE);
        assertThat(groups.processes(ID)).isEmpty();
        assertThat(groups.cpuNanos(ID)).isZero();
        groups.remove(ID);
    }

    @Test
    void onlyAnEmptyParentIsRemoved() throws IOException {
        Map<String, Path> hierarchies =
                Map.of("memory", root.resolve("memory"), "cpu", root.resolve("cpu"), "pids", root.resolve("pids"));
        Files.createDirectories(root.resolve("cpu/atoll").resolve(ID.value()));
        Files.createDirectories(root.resolve("pids/atoll"));
        BoxCgroups groups = new CgroupV1(hierarchies, "atoll");

        Files.createDirectories(root.resolve("pids/atoll/platform"));
        groups.removeEmptyParent();

        assertThat(root.resolve("cpu/atoll").resolve(ID.value())).isDirectory();
        assertThat(root.resolve("pids/atoll")).doesNotExist();
    }

    @Test
    void theVersionIsReadFromTheMounts() throws IOException {
        BoxCgroups hybrid = HostCgroups.detect(
                "atoll",
                List.of(
                        "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
                        "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0",
                        "cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0",
                        "cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0",
                        "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0"));

        assertThat(hybrid).isInstanceOf(CgroupV1.class);
    }
}
