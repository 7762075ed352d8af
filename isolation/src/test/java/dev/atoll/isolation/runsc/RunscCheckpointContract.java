package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.RuntimePlatform;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checkpoints of real sandboxes: what goes on in a clone, and which images a box takes. */
abstract class RunscCheckpointContract extends RunscContract {

    /** A build that reads no image of {@link #runsc()}. */
    protected abstract Path otherRunsc();

    final BoxSpec clone(BoxSpec original, BoxImage image) throws IOException {
        BoxSpec spec = newSpec(original.root(), original.limits());
        runtime.create(spec);
        runtime.restore(spec.id(), image);
        return spec;
    }

    final BoxSpec startedOver(RootFilesystem root, long memoryBytes) throws IOException {
        BoxSpec spec = newSpec(root, BoxLimits.of(memoryBytes, 2_000));
        runtime.create(spec);
        runtime.start(spec.id());
        return spec;
    }

    @Test
    void memoryFilesAndProcessesGoOnEachForItself() throws Exception {
        for (RootFilesystem root :
                new RootFilesystem[] {new RootFilesystem.DirectoryTree(tree), new RootFilesystem.ErofsFile(image)}) {
            BoxSpec original = startedOver(root, MEMORY_BYTES);
            try (ShellInBox shell = shell(original)) {
                shell.run(
                        "kept=value; echo changed >/etc/lower; echo in memory >/tmp/file; rm /bin/wget; sleep 1000 &");
                shell.run(
                        "dd if=/dev/urandom of=/big bs=1M count=20; sum=$(md5sum </big); exec 7</etc/lower; rm /etc/lower");
                BoxSpec clone = clone(original, runtime.checkpoint(original.id(), newImageDirectory()));
                try (ShellInBox other = shell(clone)) {
                    for (ShellInBox each : List.of(shell, other)) {
                        assertThat(each.run("echo $kept; cat /tmp/file; cat <&7; ls /bin/wget /etc/lower"))
                                .isEqualTo("value\nin memory\nchanged\nls: /bin/wget: No such file or directory\n"
                                        + "ls: /etc/lower: No such file or directory");
                        assertThat(each.run(
                                        "[ \"$sum\" = \"$(md5sum </big)\" ] && echo same; ps | grep -c 'sleep 1000'"))
                                .startsWith("same");
                        assertThat(each.run("grep MemTotal /proc/meminfo")).contains(MEMORY_BYTES / 1024 + " kB");
                        assertThat(each.run("head -c 4 /bin/busybox; echo")).contains("ELF");
                    }
                    other.run("kept=other; echo of the clone >/tmp/file; rm /big");
                    assertThat(shell.run("echo $kept; cat /tmp/file; wc -c </big"))
                            .isEqualTo("value\nin memory\n" + (20 << 20));
                    assertThat(other.run("echo $kept; cat /tmp/file")).isEqualTo("other\nof the clone");
                }
            }
        }
    }

    @Test
    void clonesHaveTheirLoopback() throws Exception {
        BoxSpec original = started();
        BoxSpec first = clone(original, runtime.checkpoint(original.id(), newImageDirectory()));
        BoxSpec second = clone(first, runtime.checkpoint(first.id(), newImageDirectory()));
        for (BoxSpec spec : List.of(original, first, second)) {
            try (ShellInBox shell = shell(spec)) {
                assertThat(
                                shell.run(
                                        "(echo over loopback | nc -l -p 8080) & "
                                                + "until nc -w 2 127.0.0.1 8080 </dev/null 2>/dev/null | grep over; do sleep 0.05; done"))
                        .contains("over loopback");
                assertThat(shell.run("ip -o address")).contains("127.0.0.1/8").contains("::1/128");
                assertThat(shell.run("ip -o link | grep -c .")).isEqualTo("1");
            }
        }
    }

    @Test
    void theRightLimitsAreInForceInAClone() throws Exception {
        BoxSpec original = started();
        BoxImage image = runtime.checkpoint(original.id(), newImageDirectory());
        BoxLimits less = BoxLimits.of(MEMORY_BYTES, 1_500);
        BoxSpec clone = newSpec(original.root(), less);
        runtime.create(clone);
        runtime.restore(clone.id(), image);

        assertThat(hostFile("cpu", clone.id(), "cpu.cfs_quota_us", "cpu.max")).startsWith("150000");
        assertThat(Long.parseLong(hostFile("memory", clone.id(), "memory.limit_in_bytes", "memory.max")))
                .isEqualTo(less.enforcedMemoryBytes());
    }

    private String hostFile(String controller, BoxId id, String one, String two) throws IOException {
        Path v1 = Path.of("/sys/fs/cgroup", controller, cgroupParent(), id.value(), one);
        Path v2 = Path.of("/sys/fs/cgroup", cgroupParent(), id.value(), two);
        return Files.readString(Files.exists(v1) ? v1 : v2).strip();
    }

    @Test
    void imagesOfAnotherBuildAreRefused() throws Exception {
        BoxSpec original = started();
        BoxImage image = runtime.checkpoint(original.id(), newImageDirectory());
        RunscSettings settings =
                RunscSettings.of(otherRunsc(), directory().resolve("b/rt")).withCgroupParent(cgroupParent() + "-other");
        try (SandboxRuntime other = open(settings)) {
            BoxSpec spec = newSpec();
            other.create(spec);
            try {
                assertProblem(ProblemCode.CHECKPOINT_INCOMPATIBLE, () -> other.restore(spec.id(), image));
                other.start(spec.id());
                try (ShellInBox shell = shell(spec)) {
                    assertThat(shell.run("echo untouched")).isEqualTo("untouched");
                }
            } finally {
                other.destroy(spec.id());
            }
        }
    }

    @Test
    void aBoxOverAnotherRootIsRefused() throws Exception {
        BoxSpec original = startedOver(new RootFilesystem.ErofsFile(image), MEMORY_BYTES);
        BoxImage checkpoint = runtime.checkpoint(original.id(), newImageDirectory());
        Path changed = Files.createDirectories(directory().resolve("b/changed"));
        Files.writeString(changed.resolve("file"), "another root");
        Path another = TestRoots.erofs(changed, directory().resolve("b/another.erofs"));
        for (RootFilesystem root :
                List.of(new RootFilesystem.DirectoryTree(tree), new RootFilesystem.ErofsFile(another))) {
            BoxSpec spec = newSpec(root, original.limits());
            runtime.create(spec);
            assertProblem(ProblemCode.CHECKPOINT_INCOMPATIBLE, () -> runtime.restore(spec.id(), checkpoint));
        }
        Path elsewhere = Files.copy(image, directory().resolve("b/copy.erofs"));
        try (ShellInBox shell =
                shell(clone(newSpec(new RootFilesystem.ErofsFile(elsewhere), original.limits()), checkpoint))) {
            assertThat(shell.run("cat /etc/lower")).isEqualTo("from the lower layer");
        }
    }

    @Test
    void aBoxOfAnAtollWithoutCheckpointsIsRefused() throws Exception {
        BoxSpec original = started();
        BoxImage image = runtime.checkpoint(original.id(), newImageDirectory());
        BoxSpec created = created();
        for (BoxSpec old : List.of(original, created)) {
            Files.delete(directory().resolve("rt/boxes/" + old.id() + "/facts.json"));
        }

        assertProblem(
                ProblemCode.CHECKPOINT_INCOMPATIBLE, () -> runtime.checkpoint(original.id(), newImageDirectory()));
        assertProblem(ProblemCode.CHECKPOINT_INCOMPATIBLE, () -> runtime.restore(created.id(), image));
        runtime.start(created.id());
    }

    @Test
    void whatTheSocketLacksTheCommandDoes() throws Exception {
        BoxSpec original = started();
        BoxSpec clone = created();
        RunscDirectories directories = new RunscDirectories(settings().root());
        RunscCommand commands = new RunscCommand(RunscBinary.detect(runsc()), settings(), directories);
        Path silent = directory().resolve("b/silent.sock");
        Path directory = newImageDirectory();
        try (ShellInBox shell = shell(original);
                FakeControlServer server =
                        FakeControlServer.saying(silent, "{\"success\":false,\"err\":\"unknown method\"}")) {
            shell.run("kept=value");
            BoxImage.makeDirectory(directory);
            calls(original, silent, commands).write(directory);
            BoxImage checkpoint = BoxImage.seal(
                    directory,
                    runtime.describe(),
                    new BoxRecords(directories).facts(original.id()).orElseThrow());
            calls(clone, silent, commands).read(checkpoint);
            try (ShellInBox other = shell(clone)) {
                assertThat(other.run("echo $kept")).isEqualTo("value");
                assertThat(other.run("ip -o address")).contains("127.0.0.1/8");
            }
            assertThat(shell.run("echo $kept")).isEqualTo("value");
        }
    }

    private static ImageCalls calls(BoxSpec spec, Path socket, RunscCommand commands) {
        return new ImageCalls(
                spec.id(),
                new ControlSocket(poller, socket),
                commands,
                RuntimePlatform.SYSTRAP,
                Duration.ofSeconds(30));
    }
}
