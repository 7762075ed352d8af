package dev.atoll.model.context;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What has come of a run so far.
 *
 * @param reason present exactly when it has ended
 * @param executionCount the kernel's count of runs, once it has begun
 * @param resultsTruncated whether there were more results, or larger ones, than a record holds
 * @param outputLost whether a part of its output was let go before it was read here
 */
public record RunOutcome(
        Optional<RunEndReason> reason,
        OptionalInt executionCount,
        RunText stdout,
        RunText stderr,
        List<RunResult> results,
        boolean resultsTruncated,
        Optional<RunError> error,
        boolean outputLost,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    public RunOutcome {
        results = List.copyOf(results);
    }

    public boolean ended() {
        return reason.isPresent();
    }

    /** The same, ended for a reason that the kernel could not tell. */
    public RunOutcome endedBy(RunEndReason why, Optional<RunError> what, Instant when) {
        return new RunOutcome(
                Optional.of(why),
                executionCount,
                stdout,
                stderr,
                results,
                resultsTruncated,
                what.or(() -> error),
                outputLost,
                startedAt,
                Optional.of(when));
    }
}
