package dev.atoll.manager;

import static dev.atoll.manager.TestingSpecs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.advice.Advice;
import dev.atoll.manager.advice.ExecAdvisor;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.id.SandboxId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said about commands that ended or did not. */
class ExecAdvisorTest {
    private final TestingManager manager = TestingManager.inMemory();
    private final Caller caller = manager.caller();
    private final SandboxId sandbox = manager.sandboxes()
            .create(caller, spec(), Optional.empty(), Duration.ofSeconds(20))
            .sandbox()
            .id();

    @AfterEach
    void stop() {
        manager.close();
    }

    private Exec start(ExecSpec spec) {
        return manager.execs().start(caller, sandbox, spec, Optional.empty(), Duration.ofMillis(10));
    }

    private Advice on(Exec exec, Duration later) {
        Clock then = Clock.offset(TestingManager.clock(), later);
        return new ExecAdvisor(manager.execs(), manager.sandboxes(), then).on(caller, exec);
    }

    private static Exec ended(Exec exec, ExecEndReason reason, long peak) {
        ExecEnd end = new ExecEnd(
                reason, OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), exec.startedAt(), 0, peak);
        return new Exec(
                exec.id(),
                exec.sandbox(),
                exec.spec(),
                exec.startedAt(),
                Optional.of(end),
                exec.output(),
                exec.inputOffset(),
                exec.inputClosed());
    }

    @Test
    void silenceOfAnHourIsOnlyAHint() {
        Exec silent = start(ExecSpec.of("sleep"));
        assertThat(on(silent, Duration.ZERO).hint()).isEmpty();
        assertThat(on(silent, Duration.ZERO).next()).hasSize(1);
        Advice advice = on(silent, Duration.ofHours(1));
        assertThat(advice.hint()).startsWith("No output for 3600 s.").doesNotContain("input");
        assertThat(advice.next().getLast()).endsWith("/signal");
        assertThat(manager.execs()
                        .get(caller, sandbox, silent.id(), Duration.ZERO)
                        .state())
                .isEqualTo(ExecState.RUNNING);
        Advice waiting = on(start(ExecSpec.of("cat").withStdin()), Duration.ofHours(1));
        assertThat(waiting.hint()).contains("wait for input");
        assertThat(waiting.next()).anyMatch(call -> call.contains("/input?offset=0"));
    }

    @Test
    void theEndOfMemoryIsToldWithItsSizes() {
        Exec exec = ended(start(ExecSpec.of("true")), ExecEndReason.OOM, 200L << 20);
        Advice advice = on(exec, Duration.ZERO);
        assertThat(advice.hint()).contains("(256Mi)", "200Mi", "512Mi");
    }

    @Test
    void whatIsUsualNeedsNoWord() {
        assertThat(on(start(ExecSpec.of("true")), Duration.ofHours(1))).isEqualTo(Advice.NONE);
        assertThat(on(start(ExecSpec.of("false")), Duration.ofHours(1))).isEqualTo(Advice.NONE);
        Exec late = ended(start(ExecSpec.of("true").withTimeout(Duration.ofSeconds(5))), ExecEndReason.TIMEOUT, 0);
        assertThat(on(late, Duration.ZERO).hint()).contains("timeout of 5s");
        assertThat(on(start(ExecSpec.of("no-such")), Duration.ZERO).next())
                .containsExactly("GET /v1/sandboxes/" + sandbox + "/describe");
    }
}
