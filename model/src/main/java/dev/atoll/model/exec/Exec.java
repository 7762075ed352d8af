package dev.atoll.model.exec;

import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.Optional;

/**
 * An exec as its host knows it.
 *
 * @param end present exactly when it has ended
 * @param inputOffset bytes of stdin accepted so far: where the next input goes
 */
public record Exec(
        ExecId id,
        SandboxId sandbox,
        ExecSpec spec,
        Instant startedAt,
        Optional<ExecEnd> end,
        OutputState output,
        long inputOffset,
        boolean inputClosed) {

    public ExecState state() {
        return end.isPresent() ? ExecState.ENDED : ExecState.RUNNING;
    }
}
