package dev.atoll.manager;

import static dev.atoll.manager.UseCasesContract.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be asked of a sandbox that has ended. */
@Timeout(60)
class EndedSandboxesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestingManager manager = TestingManager.inMemory();
    private final FakeHost host = manager.host();
    private final Caller caller = manager.caller();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void letsWhatASandboxSaidBeReadAfterItsEndForAsLongAsItIsKept() {
        SandboxId id = createRunning();
        Exec said = start(id, "echo", "hello");
        Exec waits = start(id, "sleep");
        manager.sandboxes().stop(caller, id, PATIENCE);

        assertThat(manager.execs().list(caller, id)).extracting(Exec::id).containsExactly(waits.id(), said.id());
        assertThat(manager.execs()
                        .get(caller, id, waits.id(), PATIENCE)
                        .end()
                        .orElseThrow()
                        .reason())
                .isEqualTo(ExecEndReason.SANDBOX_STOPPED);
        OutputQuery all = new OutputQuery(StreamChoice.ALL, 0, 1_000, Duration.ZERO);
        assertThat(manager.execs().read(caller, id, said.id(), all).nextOffset())
                .isEqualTo(6);
        refuses(
                ProblemCode.SANDBOX_STOPPED,
                () -> manager.execs().write(caller, id, waits.id(), 0, new byte[1], false, Duration.ZERO));
        refuses(
                ProblemCode.SANDBOX_STOPPED,
                () -> manager.execs().signal(caller, id, waits.id(), 9, SignalTarget.GROUP, Optional.empty()));
        refuses(ProblemCode.SANDBOX_NOT_FOUND, () -> manager.execs().list(manager.stranger(), id));

        host.letGoOf(id);
        refuses(ProblemCode.RETENTION_OVER, () -> manager.execs().list(caller, id));
        refuses(ProblemCode.RETENTION_OVER, () -> manager.execs().read(caller, id, said.id(), all));
    }

    private SandboxId createRunning() {
        return manager.sandboxes()
                .create(caller, TestingSpecs.spec(), Optional.empty(), PATIENCE)
                .sandbox()
                .id();
    }

    private Exec start(SandboxId id, String... argv) {
        return manager.execs().start(caller, id, UseCasesContract.command(argv), Optional.empty(), Duration.ZERO);
    }
}
