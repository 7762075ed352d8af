package dev.atoll.manager.run;

import dev.atoll.manager.view.OutputView;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of a run.
 *
 * @param problem why it could not be carried out to its end; then the rest says how far it got
 * @param exec the command's record
 * @param stdout the beginning of the stream, when no view was asked for
 * @param stderr likewise
 * @param view the output, when a view was asked for
 * @param canceled whether it was canceled; then the rest says how far it got
 */
@SuppressWarnings("ArrayRecordComponent") // made once, stored once, never shared
public record RunOutcome(
        Optional<Problem> problem,
        Optional<Exec> exec,
        byte[] stdout,
        byte[] stderr,
        Optional<OutputView> view,
        List<CollectedFile> files,
        RunTimings timings,
        Instant endedAt,
        boolean canceled) {
    public RunOutcome {
        files = List.copyOf(files);
    }

    static RunOutcome failed(Problem problem, Optional<Exec> exec, RunTimings timings, Instant now) {
        return new RunOutcome(
                Optional.of(problem), exec, new byte[0], new byte[0], Optional.empty(), List.of(), timings, now, false);
    }

    /** One that was canceled before there was anything to bring back. */
    static RunOutcome canceled(Optional<Exec> exec, RunTimings timings, Instant now) {
        return new RunOutcome(
                Optional.empty(), exec, new byte[0], new byte[0], Optional.empty(), List.of(), timings, now, true);
    }

    RunOutcome asCanceled() {
        return new RunOutcome(problem, exec, stdout, stderr, view, files, timings, endedAt, true);
    }
}
