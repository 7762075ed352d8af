package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxImageManifest.Part;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.RuntimePlatform;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Checkpoints of real sandboxes: what goes on in a clone, and what is left when one goes wrong. */
abstract class RunscCheckpointContract extends RunscContract {

    private static final long LARGE_MEMORY_BYTES = 512L << 20;
    private static final int DIRTY_MIB = 200;
    /** Three times this and the sentry itself are little less than {@link #MEMORY_BYTES} and headroom. */
    private static final int NEARLY_FULL_MIB = 62;

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    /** A build that reads no image of {@link #runsc()}. */
    protected abstract Path otherRunsc();

    private BoxSpec clone(BoxSpec original, BoxImage image) throws IOException {
        BoxSpec spec = newSpec(original.root(), original.limits());
        runtime.create(spec);
        runtime.restore(spec.id(), image);
        return spec;
    }

    private BoxSpec startedOver(RootFilesystem root, long memoryBytes) throws IOException {
        BoxSpec spec = newSpec(root, BoxLimits.of(memoryBytes, 2_000));
        runtime.create(spec);
        runtime.start(spec.id());
        return spec;
    }

    /** A box whose checkpoint takes a while. */
    private BoxSpec startedWithMuchMemory() throws IOException {
        BoxSpec spec = startedOver(new RootFilesystem.DirectoryTree(tree), LARGE_MEMORY_BYTES);
        try (ShellInBox shell = shell(spec)) {
            shell.run("dd if=/dev/urandom of=/dev/shm/fill bs=1M count=" + DIRTY_MIB);
        }
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
        BoxLimits half = new BoxLimits(
                MEMORY_BYTES,
                original.limits().memoryHeadroomBytes(),
                500,
                256,
                original.limits().openFiles());
        BoxSpec clone = newSpec(original.root(), half);
        runtime.create(clone);
        runtime.restore(clone.id(), image);

        assertThat(hostFile("cpu", clone.id(), "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
        assertThat(Long.parseLong(hostFile("memory", clone.id(), "memory.limit_in_bytes", "memory.max")))
                .isEqualTo(half.enforcedMemoryBytes());
    }

    private String hostFile(String controller, BoxId id, String one, String two) throws IOException {
        Path v1 = Path.of("/sys/fs/cgroup", controller, cgroupParent(), id.value(), one);
        Path v2 = Path.of("/sys/fs/cgroup", cgroupParent(), id.value(), two);
        return Files.readString(Files.exists(v1) ? v1 : v2).strip();
    }

    @Test
    void aSentryThatIsKilledMeanwhileLeavesNoImage() throws Exception {
        BoxSpec spec = startedWithMuchMemory();
        Path directory = newImageDirectory();
        Future<BoxImage> checkpoint = threads.submit(() -> runtime.checkpoint(spec.id(), directory));
        awaitBytesIn(directory.resolve(Part.PAGES.fileName()));

        ProcessHandle.of(runtime.find(spec.id()).orElseThrow().pid())
                .orElseThrow()
                .destroyForcibly();

        assertProblem(ProblemCode.SANDBOX_STOPPED, () -> unwrapped(checkpoint));
        assertThat(directory).doesNotExist();
        assertThat(runtime.awaitExit(spec.id())).isEqualTo(new BoxExit.Signaled(9));
    }

    private static void awaitBytesIn(Path file) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Files.exists(file) && Files.size(file) > 0);
    }

    private static void unwrapped(Future<?> future) throws Throwable {
        try {
            future.get();
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    @Test
    void destroyMayComeInTheMiddle() throws Exception {
        BoxSpec spec = startedWithMuchMemory();
        BoxImage image = runtime.checkpoint(spec.id(), newImageDirectory());
        BoxSpec clone = newSpec(spec.root(), spec.limits());
        runtime.create(clone);
        Path directory = newImageDirectory();
        Future<BoxImage> checkpoint = threads.submit(() -> runtime.checkpoint(spec.id(), directory));
        Future<?> restore = threads.submit(() -> runtime.restore(clone.id(), image));
        awaitBytesIn(directory.resolve(Part.PAGES.fileName()));

        runtime.destroy(spec.id());
        runtime.destroy(clone.id());

        assertThatThrownBy(() -> unwrapped(checkpoint)).isInstanceOf(ProblemException.class);
        assertThat(directory).doesNotExist();
        Awaitility.await().until(restore::isDone);
        assertThat(runtime.list()).isEmpty();
    }

    @Test
    void aFullDiskIsNamedAndTheBoxRunsOn() throws Exception {
        BoxSpec spec = startedOver(new RootFilesystem.DirectoryTree(tree), LARGE_MEMORY_BYTES);
        try (ShellInBox shell = shell(spec)) {
            shell.run("kept=value; dd if=/dev/urandom of=/dev/shm/fill bs=1M count=20");
            for (String size : List.of("64k", "1m", "8m")) {
                Path small = Files.createDirectory(newImageDirectory());
                command("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", small.toString());
                try {
                    Path directory = small.resolve("image");
                    assertProblem(ProblemCode.DISK_FULL, () -> runtime.checkpoint(spec.id(), directory));
                    assertThat(directory).doesNotExist();
                } finally {
                    assertThat(LinuxFiles.unmount(small)).isTrue();
                }
                assertThat(shell.run("echo $kept")).isEqualTo("value");
            }
            try (ShellInBox other = shell(clone(spec, runtime.checkpoint(spec.id(), newImageDirectory())))) {
                assertThat(other.run("echo $kept; wc -c </dev/shm/fill")).isEqualTo("value\n" + (20 << 20));
            }
        }
    }

    private static void command(String... line) throws Exception {
        assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
    }

    /** The sentry writes the image, so its pages on disk count for the box until they are clean. */
    @Test
    void aBoxNearItsMemoryLimitOutlivesItsCheckpoint() throws Exception {
        BoxSpec spec = started();
        try (ShellInBox shell = shell(spec)) {
            shell.run("for d in /tmp /dev/shm /tmp/more; do [ -d $d ] || { busybox mkdir $d; mount -t tmpfs t $d; };"
                    + " dd if=/dev/urandom of=$d/fill bs=1M count=" + NEARLY_FULL_MIB + "; done; kept=value");
            for (int round = 0; round < 3; round++) {
                BoxImage image = runtime.checkpoint(spec.id(), newImageDirectory());
                assertThat(shell.run("echo $kept")).isEqualTo("value");
                BoxSpec clone = clone(spec, image);
                try (ShellInBox other = shell(clone)) {
                    assertThat(other.run("echo $kept; wc -c </tmp/more/fill"))
                            .isEqualTo("value\n" + (NEARLY_FULL_MIB << 20));
                }
                runtime.destroy(clone.id());
                BoxImage.remove(image.directory());
            }
        }
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
    void damageThatOnlyTheSentrySeesSpoilsTheBoxAlone() throws Exception {
        BoxSpec original = started();
        Random random = new Random(20261125);
        for (Part part : Part.values()) {
            for (boolean truncated : new boolean[] {true, false}) {
                if (part == Part.PAGES && !truncated) {
                    continue; // Memory is whatever it is.
                }
                BoxImage intact = runtime.checkpoint(original.id(), newImageDirectory());
                damage(intact.path(part), truncated, random);
                Files.delete(intact.directory().resolve("manifest.json"));
                BoxImage damaged = BoxImage.seal(
                        intact.directory(),
                        runtime.describe(),
                        intact.manifest().box());
                BoxSpec spec = newSpec();
                runtime.create(spec);

                assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.restore(spec.id(), damaged));
                assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.restore(spec.id(), intact));
                assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.start(spec.id()));
                runtime.destroy(spec.id());
            }
        }
        try (ShellInBox shell = shell(original)) {
            assertThat(shell.run("echo unharmed")).isEqualTo("unharmed");
        }
    }

    private static void damage(Path file, boolean truncated, Random random) throws IOException {
        byte[] content = Files.readAllBytes(file);
        if (!truncated) {
            byte[] noise = new byte[content.length / 2];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, content, content.length / 4, noise.length);
        }
        Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
        if (truncated) {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(content.length / 2);
            }
        }
    }

    @Test
    void aCallThatTakesTooLongFailsAndTheBoxRunsOn() throws Exception {
        BoxSpec spec = startedWithMuchMemory();
        BoxSpec created = newSpec(spec.root(), spec.limits());
        runtime.create(created);
        BoxImage image = runtime.checkpoint(spec.id(), newImageDirectory());
        Path directory = newImageDirectory();
        try (SandboxRuntime hasty = open(settings().withImageTimeout(AT_ONCE))) {
            assertProblem(ProblemCode.CHECKPOINT_FAILED, () -> hasty.checkpoint(spec.id(), directory));
            assertThat(directory).doesNotExist();
            assertProblem(ProblemCode.RESTORE_FAILED, () -> hasty.restore(created.id(), image));
        }
        assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.start(created.id()));
        try (ShellInBox shell = shell(clone(spec, runtime.checkpoint(spec.id(), directory)));
                ShellInBox first = shell(spec)) {
            assertThat(shell.run("wc -c </dev/shm/fill")).isEqualTo(Integer.toString(DIRTY_MIB << 20));
            assertThat(first.run("wc -c </dev/shm/fill")).isEqualTo(Integer.toString(DIRTY_MIB << 20));
        }
    }

    @Test
    void nothingStaysOpenHere() throws Exception {
        forkAndFail();
        long before = openHere();

        forkAndFail();

        Awaitility.await().untilAsserted(() -> assertThat(openHere()).isLessThanOrEqualTo(before));
    }

    private void forkAndFail() throws Exception {
        BoxSpec original = started();
        BoxImage image = runtime.checkpoint(original.id(), newImageDirectory());
        clone(original, image);
        clone(original, image);
        BoxSpec spoilt = created();
        try (SandboxRuntime hasty = open(settings().withImageTimeout(AT_ONCE))) {
            assertThatThrownBy(() -> hasty.checkpoint(original.id(), newImageDirectory()))
                    .isInstanceOf(ProblemException.class);
            assertThatThrownBy(() -> hasty.restore(spoilt.id(), image)).isInstanceOf(ProblemException.class);
            hasty.list().forEach(hasty::destroy);
        }
        runtime.list().forEach(runtime::destroy);
    }

    private static long openHere() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
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
