package dev.atoll.manager.context;

import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunEndReason;
import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.context.RunResult;
import dev.atoll.model.context.RunText;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.StdStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes a run's outcome from its kernel's output, frame by frame. What it holds is bounded. For one thread. */
final class RunFold {
    /** Bytes of each stream in an outcome; all of it can be read as events. */
    static final int MAX_TEXT = 256 << 10;

    /** Results in an outcome, and bytes of them together. */
    static final int MAX_RESULTS = 200;

    static final int MAX_RESULT_BYTES = 8 << 20;

    private final ContextRun run;
    private final Head stdout = new Head();
    private final Head stderr = new Head();
    private final List<RunResult> results = new ArrayList<>();
    private LineSplitter lines;
    private int resultBytes;
    private boolean resultsTruncated;
    private boolean outputLost;
    private OptionalInt count = OptionalInt.empty();
    private Optional<RunError> error = Optional.empty();
    private Optional<RunEndReason> reason = Optional.empty();
    private Optional<Instant> startedAt = Optional.empty();
    private Optional<Instant> endedAt = Optional.empty();

    RunFold(ContextRun run) {
        this.run = run;
        this.lines = new LineSplitter(run.offset() > 0);
    }

    /** A part of the output was let go; what comes next may begin anywhere. */
    void lost() {
        outputLost = true;
        lines = new LineSplitter(true);
    }

    void take(OutputFrame frame) {
        if (frame.stream() == StdStream.STDOUT) {
            lines.take(frame.bytes(), (line, _) -> KernelLines.read(line).ifPresent(said -> take(said, frame.time())));
        }
    }

    private void take(KernelLine said, Instant when) {
        if (reason.isPresent()) {
            return;
        }
        switch (said) {
            case KernelLine.Started started
            when mine(started.run()) -> {
                count = OptionalInt.of(started.count());
                startedAt = Optional.of(when);
            }
            case KernelLine.Output output
            when mine(output.run()) -> (output.stream() == StdStream.STDOUT ? stdout : stderr).add(output.bytes());
            case KernelLine.Shown shown when mine(shown.run()) -> add(shown.result());
            case KernelLine.Failed failed when mine(failed.run()) -> error = Optional.of(failed.error());
            case KernelLine.Ended ended
            when mine(ended.run()) -> {
                reason = Optional.of(reason(ended.status(), run, when));
                endedAt = Optional.of(when);
            }
            case KernelLine.Ready _,
                    KernelLine.Started _,
                    KernelLine.Output _,
                    KernelLine.Shown _,
                    KernelLine.Failed _,
                    KernelLine.Ended _ -> {}
        }
    }

    /** An interrupt after the deadline is the deadline's. */
    static RunEndReason reason(KernelLine.Status status, ContextRun run, Instant when) {
        return switch (status) {
            case OK -> RunEndReason.COMPLETED;
            case ERROR -> RunEndReason.ERROR;
            case INTERRUPTED -> isLate(run, when) ? RunEndReason.TIMEOUT : RunEndReason.INTERRUPTED;
        };
    }

    static boolean isLate(ContextRun run, Instant when) {
        return run.deadline().filter(deadline -> !when.isBefore(deadline)).isPresent();
    }

    private boolean mine(String id) {
        return id.equals(run.id().value());
    }

    private void add(RunResult result) {
        int bytes = result.data().values().stream().mapToInt(String::length).sum();
        if (results.size() >= MAX_RESULTS || resultBytes + bytes > MAX_RESULT_BYTES) {
            resultsTruncated = true;
            return;
        }
        resultBytes += bytes;
        results.add(result);
    }

    /** What is held in memory at most: characters take two bytes, and texts are there twice. */
    long bytes() {
        long failure = error.map(e -> e.name().length()
                        + e.value().length()
                        + e.traceback().stream().mapToLong(String::length).sum())
                .orElse(0L);
        return 2 * (resultBytes + failure + stdout.bytes.size() + stderr.bytes.size()) + lines.held();
    }

    boolean hasStarted() {
        return startedAt.isPresent();
    }

    RunOutcome outcome() {
        return new RunOutcome(
                reason,
                count,
                stdout.text(),
                stderr.text(),
                results,
                resultsTruncated,
                error,
                outputLost,
                startedAt,
                endedAt);
    }

    /** The beginning of a stream. */
    private static final class Head {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long total;

        void add(byte[] more) {
            total += more.length;
            bytes.write(more, 0, Math.min(more.length, MAX_TEXT - bytes.size()));
        }

        RunText text() {
            return new RunText(bytes.toByteArray(), total);
        }
    }
}
