package dev.atoll.isolation.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that are written, over plain directories; the server's MainIT shows the kernel's part. */
class PlatformCgroupTest {
    private static final List<String> VERSION_ONE = List.of(
            "13:name=systemd:/system.slice/a.service", "4:cpu,cpuacct:/", "2:memory:/user.slice", "0::/init.scope");

    @TempDir
    Path root;

    private void files(String group, String... names) throws IOException {
        Path directory = Files.createDirectories(root.resolve(group));
        for (String name : names) {
            Files.writeString(directory.resolve(name), "");
        }
    }

    private String read(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    @Test
    void versionOneMovesTheProcessInTheHierarchyOfTheCpuAlone() throws IOException {
        files("atoll", "cpu.shares");
        files("atoll/platform", "cpu.shares", "cgroup.procs");

        assertThat(PlatformCgroup.join(new CpuHierarchy(root, false), "atoll", VERSION_ONE, 42))
                .isPresent();

        String cores = Integer.toString(1_024 * Runtime.getRuntime().availableProcessors());
        assertThat(read("atoll/platform/cgroup.procs")).isEqualTo("42");
        assertThat(read("atoll/platform/cpu.shares")).isEqualTo(cores);
        assertThat(read("atoll/cpu.shares")).isEqualTo(cores);
    }

    @Test
    void versionTwoMovesWhatIsInNobodysUnit() throws IOException {
        files("atoll/platform", "cpu.weight", "cgroup.procs");
        CpuHierarchy unified = new CpuHierarchy(root, true);

        assertThat(PlatformCgroup.join(unified, "atoll", List.of("0::/system.slice/atoll.service"), 42))
                .isEmpty();
        assertThat(read("atoll/platform/cgroup.procs")).isEmpty();

        assertThat(PlatformCgroup.join(unified, "atoll", List.of("0::/user.slice/user-0.slice/session-1.scope"), 42))
                .isPresent();
        assertThat(read("atoll/platform/cgroup.procs")).isEqualTo("42");
        assertThat(read("atoll/platform/cpu.weight")).isNotEmpty();
    }

    @Test
    void closingGoesBackToWhereItCameFrom() throws IOException {
        files("atoll", "cpu.shares");
        files("atoll/platform", "cpu.shares", "cgroup.procs");
        files("user.slice", "cgroup.procs");

        PlatformCgroup.join(new CpuHierarchy(root, false), "atoll", List.of("1:cpu:/user.slice"), 42)
                .orElseThrow()
                .close();

        assertThat(read("user.slice/cgroup.procs"))
                .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void whatCannotBeJoinedIsSaid() {
        assertThatThrownBy(() -> PlatformCgroup.join(new CpuHierarchy(root, false), "atoll", List.of("1:pids:/"), 42))
                .isInstanceOf(IOException.class);
        // No such controller here.
        assertThatThrownBy(() -> PlatformCgroup.join(new CpuHierarchy(root, false), "atoll", VERSION_ONE, 42))
                .isInstanceOf(IOException.class);
        assertThat(root).as("nothing half made stays").isEmptyDirectory();
    }
}
