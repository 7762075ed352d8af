package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxImageManifest.Part;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
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

/** What is left when a checkpoint or a restore of a real sandbox goes wrong. */
abstract class RunscBrokenCheckpointContract extends RunscCheckpointContract {

    private static final long LARGE_MEMORY_BYTES = 512L << 20;
    private static final int DIRTY_MIB = 200;
    /** Three times this and the sentry itself are little less than {@link #MEMORY_BYTES} and headroom. */
    private static final int NEARLY_FULL_MIB = 62;

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    /** A box whose checkpoint takes a while. */
    private BoxSpec startedWithMuchMemory() throws IOException {
        BoxSpec spec = startedOver(new RootFilesystem.DirectoryTree(tree), LARGE_MEMORY_BYTES);
        try (ShellInBox shell = shell(spec)) {
            // Not dd, which takes a short read for a block.
            shell.run("head -c " + (DIRTY_MIB << 20) + " /dev/urandom >/dev/shm/fill");
        }
        return spec;
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
            String digest = shell.run(
                    "kept=value; head -c 20971520 </dev/urandom >/dev/shm/fill; busybox sha256sum /dev/shm/fill");
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
                assertThat(other.run("echo $kept; busybox sha256sum /dev/shm/fill"))
                        .isEqualTo("value\n" + digest);
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
}
