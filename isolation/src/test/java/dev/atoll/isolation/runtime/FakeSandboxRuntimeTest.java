package dev.atoll.isolation.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeSandboxRuntimeTest extends SandboxCheckpointContract {

    @TempDir
    Path directory;

    private final FakeHost host = new FakeHost();
    private final Random seeded = new Random(1);
    private int images;

    @Override
    protected SandboxRuntime openRuntime() {
        return new FakeSandboxRuntime(host);
    }

    @Override
    protected Path newImageDirectory() {
        synchronized (seeded) {
            return directory.resolve("image" + ++images);
        }
    }

    @Override
    protected BoxSpec newSpec() {
        return newSpecOfMemory(BoxLimits.MIN_MEMORY_BYTES);
    }

    @Override
    protected BoxSpec newSpecOfMemory(long bytes) {
        synchronized (seeded) {
            return new BoxSpec(
                    BoxId.random(seeded),
                    new RootFilesystem.DirectoryTree(directory),
                    directory,
                    BoxLimits.of(bytes, 1000),
                    "box",
                    directory.resolve("init"),
                    directory.resolve("in"),
                    directory.resolve("out"));
        }
    }

    @Override
    protected void letPid1Exit(BoxSpec spec, int code) {
        host.end(spec.id(), new BoxExit.Exited(code));
    }

    @Override
    protected void assertNothingLeft() {
        assertThat(host.ids()).isEmpty();
    }

    @Test
    void aScriptedFailureHappensOnce() throws Exception {
        BoxSpec spec = newSpec();
        host.failNext(
                FakeHost.Call.CREATE,
                Problem.of(ProblemCode.CAPACITY, "no room").asException());

        assertProblem(ProblemCode.CAPACITY, () -> runtime.create(spec));
        assertThat(runtime.list()).containsExactly(spec.id());
        assertThat(runtime.find(spec.id())).isEmpty();
        runtime.destroy(spec.id());
        runtime.create(spec);
        assertThat(runtime.find(spec.id())).isPresent();
        assertThat(host.calls()).startsWith("create " + spec.id(), "destroy " + spec.id(), "create " + spec.id());
    }

    @Test
    void aScriptedRestoreSpoilsTheBox() throws Exception {
        BoxImage image = runtime.checkpoint(started().id(), newImageDirectory());
        BoxSpec clone = created();
        host.failNext(
                FakeHost.Call.RESTORE,
                Problem.of(ProblemCode.RESTORE_FAILED, "as scripted").asException());

        assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.restore(clone.id(), image));
        assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.start(clone.id()));
        assertProblem(ProblemCode.RESTORE_FAILED, () -> runtime.usage(clone.id()));
        assertThat(runtime.find(clone.id())).isPresent();
    }

    @Test
    void whatGoesOnHearsWhoseImageItIs() throws Exception {
        List<BoxId> heard = new ArrayList<>();
        host.onRestore((spec, original) -> heard.addAll(List.of(spec.id(), original)));
        BoxSpec original = started();
        BoxSpec clone = created();

        runtime.restore(clone.id(), runtime.checkpoint(original.id(), newImageDirectory()));

        assertThat(heard).containsExactly(clone.id(), original.id());
    }

    @Test
    void aScriptedCheckpointLeavesNoDirectory() throws Exception {
        BoxSpec spec = started();
        Path image = newImageDirectory();
        host.failNext(
                FakeHost.Call.CHECKPOINT,
                Problem.of(ProblemCode.DISK_FULL, "as scripted").asException());

        assertProblem(ProblemCode.DISK_FULL, () -> runtime.checkpoint(spec.id(), image));
        assertThat(image).doesNotExist();
        assertThat(runtime.find(spec.id())).isPresent();
    }
}
