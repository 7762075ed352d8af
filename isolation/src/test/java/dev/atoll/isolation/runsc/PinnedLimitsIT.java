package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinnedLimitsIT extends LimitsContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-limits-pinned";
    }

    @Test
    void aFullDiskIsAnErrorOfTheWriterAndNothingElse() throws Exception {
        for (RootFilesystem root : List.of(tree, image)) {
            BoxSpec spec = started(root, LIMITS);
            try (CommandsInBox box = commands(spec)) {
                assertThat(box.run("dd if=/dev/zero of=/fill bs=1M count=200; busybox df -k /"))
                        .contains("No space left on device")
                        .contains("100%");
                assertThat(runtime.usage(spec.id()).diskBytes()).isBetween(DISK_BYTES / 2, DISK_BYTES);

                assertThat(box.run("rm /fill; echo kept >/kept; cat /kept")).isEqualTo("kept");
                assertThat(runtime.usage(spec.id()).diskBytes()).isLessThan(MIB);
                assertThat(box.run("dd if=/dev/zero of=/again bs=1M count=32 && wc -c </again"))
                        .startsWith(Long.toString(32 * MIB));
            }
        }
    }

    @Test
    void tooManyFilesAreAnErrorOfTheirMakerAndNothingElse() throws Exception {
        for (RootFilesystem root : List.of(tree, image)) {
            BoxSpec spec = started(root, LIMITS);
            try (CommandsInBox box = commands(spec)) {
                String made = box.run("busybox mkdir /many; cd /many; busybox seq 1 " + 2 * FILES
                        + " | busybox xargs touch 2>&1 | head -n 1; ls | wc -l");

                assertThat(made).contains("No space left on device");
                assertThat(made.lines().toList().getLast())
                        .satisfies(count ->
                                assertThat(Integer.parseInt(count.strip())).isBetween(FILES - 50, FILES));
                assertThat(box.run("rm -r /many; echo kept >/kept; cat /kept")).isEqualTo("kept");
            }
        }
    }

    @Test
    void aForkBombLeavesABoxUsable() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            int bomb = box.start("sh", "-c", "b() { b | b & }; b; while :; do true; done");
            int refused = box.start("sh", "-c", "while :; do (exit 0); done");

            assertThat(box.end(refused)).contains("can't fork: Resource temporarily unavailable");
            box.ping();
            assertThat(box.end(box.start("cat", "/etc/lower"))).isEqualTo("from the lower layer");
            box.end(box.start("kill", "-9", "-1"));
            box.end(bomb);
            assertThat(box.run("echo over")).isEqualTo("over");
            assertThat(runtime.find(spec.id())).isPresent();
        }
    }

    /** PID 1 holds the groups of all commands open. */
    @Test
    void rootInsideDoesNotGetAtTheLimitsThroughTheFirstProcess() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            assertThat(box.run("for f in /proc/1/fd/*; do cat $f/pids.max; done; cat /proc/1/environ; echo over"))
                    .contains("/proc/1/environ': Permission denied")
                    .doesNotContain(PIDS + "\n");
        }
    }

    @Test
    void rootInsideCannotLeaveOrRaiseTheLimitOnProcesses() throws Exception {
        BoxSpec spec = started(image, LIMITS);
        try (CommandsInBox box = commands(spec)) {
            assertThat(box.run("cat /proc/self/cgroup")).isEqualTo("0::/");
            assertThat(box.run("mount -t cgroup2 none /sys/fs/cgroup && cat /sys/fs/cgroup/pids.max;"
                            + " echo 5000 >/sys/fs/cgroup/pids.max; cat /sys/fs/cgroup/pids.max"))
                    .isEqualTo(PIDS + "\n" + PIDS + "\nsh: write error: Operation not permitted");
            // Another command has a namespace of its own and sees the first one's group there; the limit of all is
            // above both.
            assertThat(box.run("echo 5000 >/sys/fs/cgroup/pids.max; echo $$ >/sys/fs/cgroup/cgroup.procs;"
                            + " cat /sys/fs/cgroup/pids.max; for i in $(seq 1 " + 2 * PIDS + "); do sleep 3 & done"))
                    .contains("sh: can't fork: Resource temporarily unavailable");
            assertThat(box.run("mount -t cgroup -o pids none /tmp; echo status $?"))
                    .doesNotContain("status 0");
            assertThat(box.run(
                            "for f in /proc/1/fd/*; do case $f in */[012]) ;; *) echo $$ >$f;; esac; done 2>/dev/null;"
                                    + " cat /proc/self/cgroup"))
                    .contains("0::/")
                    .doesNotContain("/..");
        }
    }
}
