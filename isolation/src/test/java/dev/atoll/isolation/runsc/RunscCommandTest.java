package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.RuntimePlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunscCommandTest {

    private static final BoxId ID = new BoxId("boxaaaaaaaaaaaaaaaaaaaa");
    private static final Path BINARY = Path.of("/opt/runsc");
    private static final RunscSettings SETTINGS = RunscSettings.of(BINARY, Path.of("/run/atoll"));

    private static final BoxSpec SPEC = new BoxSpec(
            ID,
            new RootFilesystem.DirectoryTree(Path.of("/tree")),
            Path.of("/w"),
            BoxLimits.of(256L << 20, 1000, 1L << 30),
            "box",
            Path.of("/atoll-init"),
            Path.of("/in; rm -rf x"),
            Path.of("/out"));

    private static RunscCommand commands(RunscSettings settings, String... flags) {
        RunscBinary binary = new RunscBinary(BINARY, new RunscVersion("release-20260905.0", 20260905), Set.of(flags));
        return new RunscCommand(binary, settings, new RunscDirectories(settings.root()));
    }

    private static List<String> create(String... flags) {
        return commands(SETTINGS, flags).create(SPEC);
    }

    @Test
    void createIsExactlyThis() {
        assertThat(create())
                .containsExactly(
                        "/opt/runsc",
                        "--root=/run/atoll/state",
                        "--platform=systrap",
                        "--network=none",
                        "--file-access=exclusive",
                        "--host-uds=none",
                        "--host-fifo=none",
                        "--net-raw=false",
                        "--overlay2=root:dir=/w,size=1073741824",
                        "--log=/run/atoll/boxes/" + ID + "/create.log",
                        "create",
                        "--bundle=/run/atoll/boxes/" + ID,
                        ID.value());
    }

    @Test
    void newerFlagsAreUsedWhereTheyExist() {
        assertThat(create(
                        "cpu-num-from-quota",
                        "in-sandbox-cgroup",
                        "allow-suid",
                        "allow-packet-socket-write",
                        "character-device-policy"))
                .contains(
                        "--cpu-num-from-quota=true",
                        "--in-sandbox-cgroup=v2",
                        "--allow-suid=false",
                        "--allow-packet-socket-write=false",
                        "--character-device-policy=emulated-only");
    }

    @Test
    void nobodySpinsWhereOneCpuHasToDo() {
        String quiet = "--systrap-disable-fast-path=true";
        BoxSpec twoCpus = new BoxSpec(
                ID,
                SPEC.root(),
                SPEC.writableDirectory(),
                BoxLimits.of(256L << 20, 1001, 1L << 30),
                "box",
                SPEC.guestBinary(),
                SPEC.stdin(),
                SPEC.stdout());

        assertThat(create("systrap-disable-fast-path")).contains(quiet);
        assertThat(create()).doesNotContain(quiet);
        assertThat(commands(SETTINGS, "systrap-disable-fast-path").create(twoCpus))
                .doesNotContain(quiet);
    }

    @Test
    void dangerousFlagsAreNeverUsed() {
        assertThat(create("debug", "strace", "profile", "allow-flag-override", "TESTONLY-unsafe-nonroot", "rootless"))
                .isEqualTo(create());
    }

    @Test
    void thePlatformIsASetting() {
        assertThat(commands(SETTINGS.withPlatform(RuntimePlatform.PTRACE)).about("pause", ID))
                .contains("--platform=ptrace")
                .endsWith("pause", ID.value());
    }

    @Test
    void checkpointAndRestoreAreExactlyThese() {
        Path image = Path.of("/images/one");
        assertThat(commands(SETTINGS).checkpoint(ID, image))
                .startsWith("/opt/runsc", "--root=/run/atoll/state")
                .endsWith(
                        "checkpoint", "--leave-running", "--compression=none", "--image-path=/images/one", ID.value());
        assertThat(commands(SETTINGS).restore(ID, image))
                .endsWith(
                        "restore",
                        "--detach",
                        "--image-path=/images/one",
                        "--bundle=/run/atoll/boxes/" + ID,
                        ID.value());
    }

    /** Two boxes differ in what gVisor's own comparison insists on, so ours takes its place. */
    @Test
    void runscOnlyWarnsOfSpecsThatDiffer() {
        assertThat(create("restore-spec-validation")).contains("--restore-spec-validation=warning");
    }
}
