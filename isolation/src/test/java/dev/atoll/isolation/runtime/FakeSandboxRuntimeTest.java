package dev.atoll.isolation.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeSandboxRuntimeTest extends SandboxRuntimeContract {

    @TempDir
    Path directory;

    private final FakeHost host = new FakeHost();
    private final Random seeded = new Random(1);

    @Override
    protected SandboxRuntime openRuntime() {
        return new FakeSandboxRuntime(host);
    }

    @Override
    protected BoxSpec newSpec() {
        synchronized (seeded) {
            return new BoxSpec(
                    BoxId.random(seeded),
                    new RootFilesystem.DirectoryTree(directory),
                    directory,
                    BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES, 1000),
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
}
