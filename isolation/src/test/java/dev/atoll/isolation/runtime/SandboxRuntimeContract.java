package dev.atoll.isolation.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link SandboxRuntime} does. A subclass brings the runtime, a way to make specs, and a PID 1 it can steer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class SandboxRuntimeContract {

    private static final int SIGKILL = 9;
    private static final int PARALLEL_BOXES = 20;

    protected SandboxRuntime runtime;
    protected final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** A runtime over the host of this test; a second one sees the boxes of the first, as after a restart. */
    protected abstract SandboxRuntime openRuntime() throws Exception;

    /** A spec of a fresh box with everything that it names in place. */
    protected abstract BoxSpec newSpec() throws Exception;

    /** Makes PID 1 of a started box exit with {@code code}. */
    protected abstract void letPid1Exit(BoxSpec spec, int code) throws Exception;

    /** Fails when anything of a box is left on the host of this test. */
    protected abstract void assertNothingLeft() throws Exception;

    @BeforeEach
    void open() throws Exception {
        runtime = openRuntime();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        runtime.list().forEach(runtime::destroy);
        threads.shutdownNow();
        assertThat(runtime.list()).isEmpty();
        assertNothingLeft();
        runtime.close();
    }

    protected final BoxSpec created() throws Exception {
        BoxSpec spec = newSpec();
        runtime.create(spec);
        return spec;
    }

    protected final BoxSpec started() throws Exception {
        BoxSpec spec = created();
        runtime.start(spec.id());
        return spec;
    }

    protected static void assertProblem(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        thrown -> assertThat(thrown.problem().code()).isEqualTo(code));
    }

    @Test
    void describesItself() {
        RuntimeDescription description = runtime.describe();

        assertThat(description.name()).isNotBlank();
        assertThat(description.version()).isNotBlank();
        assertThat(runtime.describe()).isEqualTo(description);
    }

    @Test
    void aCreatedBoxIsThereButDoesNotRun() throws Exception {
        BoxId id = created().id();

        assertThat(runtime.list()).containsExactly(id);
        assertThat(runtime.find(id)).isPresent();
        assertProblem(ProblemCode.SANDBOX_NOT_READY, () -> runtime.usage(id));
        assertProblem(ProblemCode.SANDBOX_NOT_READY, () -> runtime.signal(id, SIGKILL));
        assertProblem(ProblemCode.SANDBOX_NOT_READY, () -> runtime.pause(id));
        assertProblem(ProblemCode.SANDBOX_NOT_READY, () -> runtime.resume(id));
    }

    @Test
    void aBoxStartsOnce() throws Exception {
        BoxId id = started().id();

        assertProblem(ProblemCode.SANDBOX_START_FAILED, () -> runtime.start(id));
        assertThat(runtime.find(id)).isPresent();
    }

    @Test
    void anIdIsUsedOnce() throws Exception {
        BoxSpec spec = created();

        assertProblem(ProblemCode.SANDBOX_START_FAILED, () -> runtime.create(spec));
        assertThat(runtime.find(spec.id())).isPresent();
    }

    @Test
    void everyWaiterLearnsTheExitCode() throws Exception {
        BoxSpec spec = started();
        Future<BoxExit> early = threads.submit(() -> runtime.awaitExit(spec.id()));

        letPid1Exit(spec, 7);

        assertThat(early.get()).isEqualTo(new BoxExit.Exited(7));
        assertThat(runtime.awaitExit(spec.id())).isEqualTo(new BoxExit.Exited(7));
        assertThat(runtime.find(spec.id())).isEmpty();
        assertThat(runtime.list()).containsExactly(spec.id());
    }

    @Test
    void anExitCodeThatLooksLikeASignalIsACode() throws Exception {
        BoxSpec spec = started();

        letPid1Exit(spec, 137);

        assertThat(runtime.awaitExit(spec.id())).isEqualTo(new BoxExit.Exited(137));
    }

    @Test
    void aSignalThatEndsPid1IsNamed() throws Exception {
        BoxId id = started().id();

        runtime.signal(id, SIGKILL);

        assertThat(runtime.awaitExit(id)).isEqualTo(new BoxExit.Signaled(SIGKILL));
    }

    @Test
    void anEndedBoxTakesNoCalls() throws Exception {
        BoxSpec spec = started();
        letPid1Exit(spec, 0);
        runtime.awaitExit(spec.id());

        assertProblem(ProblemCode.SANDBOX_STOPPED, () -> runtime.usage(spec.id()));
        assertProblem(ProblemCode.SANDBOX_STOPPED, () -> runtime.signal(spec.id(), SIGKILL));
        assertProblem(ProblemCode.SANDBOX_STOPPED, () -> runtime.start(spec.id()));
    }

    @Test
    void anUnknownBoxTakesNoCalls() throws Exception {
        BoxId id = newSpec().id();

        assertProblem(ProblemCode.SANDBOX_NOT_FOUND, () -> runtime.start(id));
        assertProblem(ProblemCode.SANDBOX_NOT_FOUND, () -> runtime.signal(id, SIGKILL));
        assertThat(runtime.find(id)).isEmpty();
        assertThat(runtime.awaitExit(id)).isInstanceOf(BoxExit.Lost.class);
        assertThatCode(() -> runtime.destroy(id)).doesNotThrowAnyException();
    }

    @Test
    void pausingAndResumingTwiceIsHarmless() throws Exception {
        BoxSpec spec = started();

        runtime.resume(spec.id());
        runtime.pause(spec.id());
        runtime.pause(spec.id());
        runtime.resume(spec.id());
        runtime.resume(spec.id());

        letPid1Exit(spec, 3);
        assertThat(runtime.awaitExit(spec.id())).isEqualTo(new BoxExit.Exited(3));
    }

    @Test
    void thePriorityOfALiveBoxCanBeChanged() throws Exception {
        BoxSpec spec = created();

        runtime.setPriority(spec.id(), BoxPriority.BACKGROUND);
        runtime.start(spec.id());
        runtime.setPriority(spec.id(), BoxPriority.NORMAL);
        runtime.setPriority(spec.id(), BoxPriority.NORMAL);

        letPid1Exit(spec, 0);
        runtime.awaitExit(spec.id());
        assertProblem(ProblemCode.SANDBOX_STOPPED, () -> runtime.setPriority(spec.id(), BoxPriority.BACKGROUND));
        BoxId unknown = newSpec().id();
        assertProblem(ProblemCode.SANDBOX_NOT_FOUND, () -> runtime.setPriority(unknown, BoxPriority.NORMAL));
    }

    @Test
    void usageHasFigures() throws Exception {
        BoxUsage usage = runtime.usage(started().id());

        assertThat(usage.memoryBytes()).isPositive();
        assertThat(usage.cpuNanos()).isPositive();
        assertThat(usage.pids()).isPositive();
        assertThat(usage.diskBytes()).isNotNegative();
    }

    @Test
    void destroyEndsABoxInEveryState() throws Exception {
        BoxSpec onlyCreated = created();
        BoxSpec running = started();
        BoxSpec paused = started();
        runtime.pause(paused.id());
        BoxSpec ended = started();
        letPid1Exit(ended, 0);
        runtime.awaitExit(ended.id());

        for (BoxSpec spec : List.of(onlyCreated, running, paused, ended)) {
            runtime.destroy(spec.id());
            runtime.destroy(spec.id());

            assertThat(runtime.find(spec.id())).isEmpty();
            assertThat(runtime.list()).doesNotContain(spec.id());
        }
    }

    @Test
    void destroyWakesWhoWaits() throws Exception {
        BoxId id = started().id();
        Future<BoxExit> waiting = threads.submit(() -> runtime.awaitExit(id));

        runtime.destroy(id);

        assertThat(waiting.get()).isInstanceOfAny(BoxExit.Signaled.class, BoxExit.Lost.class);
    }

    @Test
    void aFailedCreateIsClearedByDestroy() throws Exception {
        BoxSpec spec = newSpec();
        BoxSpec broken = new BoxSpec(
                spec.id(),
                new RootFilesystem.DirectoryTree(Path.of("/nonexistent/root")),
                spec.writableDirectory(),
                spec.limits(),
                spec.hostname(),
                spec.guestBinary(),
                spec.stdin(),
                spec.stdout());

        assertProblem(ProblemCode.SANDBOX_START_FAILED, () -> runtime.create(broken));
        assertThat(runtime.find(spec.id())).isEmpty();
        runtime.destroy(spec.id());
        assertThat(runtime.list()).isEmpty();
    }

    @Test
    void boxesDoNotDisturbEachOther() throws Exception {
        List<Callable<BoxExit>> lives = new ArrayList<>();
        for (int i = 0; i < PARALLEL_BOXES; i++) {
            int code = i;
            lives.add(() -> {
                BoxSpec spec = started();
                letPid1Exit(spec, code);
                BoxExit exit = runtime.awaitExit(spec.id());
                runtime.destroy(spec.id());
                return exit;
            });
        }

        List<Future<BoxExit>> exits = threads.invokeAll(lives);

        for (int i = 0; i < PARALLEL_BOXES; i++) {
            assertThat(exits.get(i).get()).isEqualTo(new BoxExit.Exited(i));
        }
        assertThat(runtime.list()).isEmpty();
    }

    @Test
    void aLaterRuntimeTakesBoxesOver() throws Exception {
        BoxSpec running = started();
        BoxSpec paused = started();
        runtime.pause(paused.id());
        BoxSpec onlyCreated = created();
        BoxSpec ended = started();
        letPid1Exit(ended, 5);
        runtime.awaitExit(ended.id());

        try (SandboxRuntime later = openRuntime()) {
            assertThat(later.list()).containsExactlyInAnyOrder(running.id(), paused.id(), onlyCreated.id(), ended.id());
            assertThat(later.find(running.id())).isEqualTo(runtime.find(running.id()));
            assertThat(later.usage(running.id()).pids()).isPositive();
            assertThat(later.awaitExit(ended.id())).isEqualTo(new BoxExit.Exited(5));
            later.start(onlyCreated.id());
            later.resume(paused.id());
            letPid1Exit(paused, 6);
            assertThat(later.awaitExit(paused.id())).isEqualTo(new BoxExit.Exited(6));
            later.list().forEach(later::destroy);
            assertThat(later.list()).isEmpty();
        }
    }
}
