package dev.atoll.isolation.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link SandboxRuntime} does about checkpoints, beside the rest of its contract. */
public abstract class SandboxCheckpointContract extends SandboxRuntimeContract {

    private static final int SIGKILL = 9;
    private static final int CLONES_AT_ONCE = 4;

    /** Where an image may be made: does not exist, its parent does; removed with the rest of the test. */
    protected abstract Path newImageDirectory() throws IOException;

    /** As {@link #newSpec()}, of another size. */
    protected abstract BoxSpec newSpecOfMemory(long bytes) throws Exception;

    private BoxImage imageOf(BoxSpec spec) throws IOException {
        return runtime.checkpoint(spec.id(), newImageDirectory());
    }

    private BoxSpec restored(BoxImage image) throws Exception {
        BoxSpec spec = created();
        runtime.restore(spec.id(), image);
        return spec;
    }

    private void assertRuns(BoxSpec spec, int code) throws Exception {
        assertThat(runtime.usage(spec.id()).pids()).isPositive();
        letPid1Exit(spec, code);
        assertThat(runtime.awaitExit(spec.id())).isEqualTo(new BoxExit.Exited(code));
    }

    @Test
    void anImageIsForItsOwnerAlone() throws Exception {
        BoxImage image = imageOf(started());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image.directory())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(image.directory())) {
            assertThat(files)
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(BoxImage.read(image.directory())).isEqualTo(image);
        assertThat(image.manifest().version()).isEqualTo(runtime.describe().version());
    }

    @Test
    void theOriginalAndEachCloneRunAndEndByThemselves() throws Exception {
        BoxSpec original = started();
        BoxImage image = imageOf(original);
        BoxSpec first = restored(image);
        BoxSpec second = restored(image);

        assertRuns(first, 4);
        assertRuns(original, 5);
        assertRuns(second, 6);
    }

    @Test
    void anImageOutlivesItsBoxAndServesManyAtOnce() throws Exception {
        BoxSpec original = started();
        BoxImage image = imageOf(original);
        runtime.destroy(original.id());
        List<Callable<BoxExit>> lives = new ArrayList<>();
        for (int i = 0; i < CLONES_AT_ONCE; i++) {
            int code = i;
            lives.add(() -> {
                BoxSpec clone = restored(image);
                letPid1Exit(clone, code);
                return runtime.awaitExit(clone.id());
            });
        }

        List<Future<BoxExit>> exits = threads.invokeAll(lives);

        for (int i = 0; i < CLONES_AT_ONCE; i++) {
            assertThat(exits.get(i).get()).isEqualTo(new BoxExit.Exited(i));
        }
    }

    @Test
    void checkpointsCanBeTakenAgainAndOfClones() throws Exception {
        BoxSpec original = started();
        BoxSpec clone = restored(imageOf(original));
        BoxSpec ofTheClone = restored(imageOf(clone));
        BoxSpec ofTheOriginalLater = restored(imageOf(original));

        assertRuns(ofTheClone, 1);
        assertRuns(ofTheOriginalLater, 2);
        assertRuns(clone, 3);
        assertRuns(original, 4);
    }

    @Test
    void aRestoredBoxIsAStartedOne() throws Exception {
        BoxSpec original = started();
        BoxImage image = imageOf(original);
        BoxSpec clone = restored(image);

        assertProblem(ProblemCode.SANDBOX_START_FAILED, () -> runtime.start(clone.id()));
        assertProblem(ProblemCode.SANDBOX_START_FAILED, () -> runtime.restore(clone.id(), image));
        assertProblem(ProblemCode.SANDBOX_START_FAILED, () -> runtime.restore(original.id(), image));
        runtime.pause(clone.id());
        runtime.resume(clone.id());
        assertThat(runtime.usage(clone.id()).memoryBytes()).isPositive();
        runtime.signal(clone.id(), SIGKILL);

        assertThat(runtime.awaitExit(clone.id())).isEqualTo(new BoxExit.Signaled(SIGKILL));
        assertRuns(original, 2);
    }

    @Test
    void aPausedBoxStaysPausedAndItsCloneRuns() throws Exception {
        BoxSpec original = started();
        runtime.pause(original.id());
        BoxSpec clone = restored(imageOf(original));

        assertRuns(clone, 7);
        Future<BoxExit> waiting = threads.submit(() -> runtime.awaitExit(original.id()));
        assertThat(waiting).isNotDone();
        runtime.resume(original.id());
        assertRuns(original, 8);
        assertThat(waiting.get()).isEqualTo(new BoxExit.Exited(8));
    }

    @Test
    void onlyAStartedBoxIsCheckpointed() throws Exception {
        BoxSpec created = created();
        BoxSpec ended = started();
        letPid1Exit(ended, 0);
        runtime.awaitExit(ended.id());
        Path directory = newImageDirectory();

        assertProblem(ProblemCode.SANDBOX_NOT_READY, () -> runtime.checkpoint(created.id(), directory));
        assertProblem(ProblemCode.SANDBOX_STOPPED, () -> runtime.checkpoint(ended.id(), directory));
        assertProblem(
                ProblemCode.SANDBOX_NOT_FOUND,
                () -> runtime.checkpoint(newSpec().id(), directory));
        assertThat(directory).doesNotExist();
    }

    @Test
    void aDirectoryThatIsThereIsLeftAlone() throws Exception {
        BoxSpec spec = started();
        Path taken = Files.createDirectory(newImageDirectory());
        Files.writeString(taken.resolve("checkpoint.img"), "of somebody else");

        assertProblem(ProblemCode.CHECKPOINT_FAILED, () -> runtime.checkpoint(spec.id(), taken));

        assertThat(taken.resolve("checkpoint.img")).hasContent("of somebody else");
        assertThatThrownBy(() -> BoxImage.read(taken)).isInstanceOf(ProblemException.class);
        assertRuns(spec, 1);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAProblem() throws Exception {
        BoxSpec spec = started();
        Path orphan = newImageDirectory().resolve("no").resolve("parent");

        assertProblem(ProblemCode.CHECKPOINT_FAILED, () -> runtime.checkpoint(spec.id(), orphan));
        assertRuns(spec, 1);
    }

    @Test
    void imagesOfAnotherRuntimeAreRefused() throws Exception {
        BoxImage image = imageOf(started());
        Path manifest = image.directory().resolve("manifest.json");
        String json = Files.readString(manifest);
        RuntimeDescription host = runtime.describe();
        BoxSpec spec = created();
        for (String other : List.of(
                json.replace('"' + host.version() + '"', "\"release-20991231.0\""),
                json.replace('"' + host.name() + '"', "\"another\""),
                json.replace('"' + host.platform().name() + '"', "\"KVM\""))) {
            assertThat(other).isNotEqualTo(json);
            Files.writeString(manifest, other);

            assertProblem(
                    ProblemCode.CHECKPOINT_INCOMPATIBLE,
                    () -> runtime.restore(spec.id(), BoxImage.read(image.directory())));
        }
        runtime.start(spec.id());
        assertRuns(spec, 9);
    }

    @Test
    void aBoxOfAnotherKindIsRefused() throws Exception {
        BoxSpec original = started();
        BoxImage image = imageOf(original);
        BoxSpec larger = newSpecOfMemory(original.limits().memoryBytes() * 2);
        runtime.create(larger);

        assertProblem(ProblemCode.CHECKPOINT_INCOMPATIBLE, () -> runtime.restore(larger.id(), image));

        runtime.start(larger.id());
        assertRuns(larger, 1);
    }

    @Test
    void damagedImagesAreRefusedBeforeTheBoxSeesThem() throws Exception {
        BoxSpec original = started();
        BoxSpec spec = created();
        for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
            BoxImage image = imageOf(original);
            Path file = image.path(part);
            byte[] content = Files.readAllBytes(file);
            Files.write(file, content, StandardOpenOption.APPEND);
            assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> runtime.restore(spec.id(), image));
            Files.write(file, new byte[content.length / 2]);
            assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> runtime.restore(spec.id(), image));
            if (part.checked()) {
                content[content.length / 2] ^= 1;
                Files.write(file, content);
                assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> runtime.restore(spec.id(), image));
            }
            Files.delete(file);
            assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> runtime.restore(spec.id(), image));
            BoxImage.remove(image.directory());
        }
        runtime.start(spec.id());
        assertRuns(spec, 2);
    }

    @Test
    void aLaterRuntimeTakesClonesOver() throws Exception {
        BoxSpec original = started();
        BoxImage image = imageOf(original);
        BoxSpec clone = restored(image);
        BoxSpec onlyCreated = created();

        try (SandboxRuntime later = openRuntime()) {
            assertThat(later.find(clone.id())).isEqualTo(runtime.find(clone.id()));
            assertThat(later.usage(clone.id()).pids()).isPositive();
            later.restore(onlyCreated.id(), BoxImage.read(image.directory()));
            BoxImage ofTheClone = later.checkpoint(clone.id(), newImageDirectory());
            letPid1Exit(clone, 11);
            assertThat(later.awaitExit(clone.id())).isEqualTo(new BoxExit.Exited(11));
            BoxSpec fresh = created();
            later.restore(fresh.id(), ofTheClone);
            letPid1Exit(fresh, 12);
            assertThat(later.awaitExit(fresh.id())).isEqualTo(new BoxExit.Exited(12));
            letPid1Exit(onlyCreated, 13);
            assertThat(later.awaitExit(onlyCreated.id())).isEqualTo(new BoxExit.Exited(13));
        }
    }

    @Test
    void anImageIsRemovedWholeAndTwice() throws Exception {
        BoxImage image = imageOf(started());

        BoxImage.remove(image.directory());
        BoxImage.remove(image.directory());

        assertThat(image.directory()).doesNotExist();
    }
}
