package dev.atoll.manager.context;

import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells a run bit by bit. A cursor is an offset in the kernel's stdout at which a line begins, so nothing has to be remembered. */
final class RunEvents {
    private static final int PAGE_BYTES = 1 << 20;

    private final RunReading reading;

    RunEvents(RunReading reading) {
        this.reading = reading;
    }

    RunEventPage read(HostExecs execs, ContextRun run, Optional<Long> cursor, Duration wait) {
        long from = cursor.orElse(run.offset());
        if (from < run.offset()) {
            throw Problem.of(
                            ProblemCode.INVALID_CURSOR,
                            "The cursor is not one of this run.",
                            "Send next_cursor of an answer, or nothing to begin.")
                    .asException();
        }
        long end = System.nanoTime() + wait.toNanos();
        Telling telling = new Telling(run, from, cursor.isEmpty() && from > 0);
        boolean more = true;
        while (more) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            OutputPage page = execs.read(
                    run.sandbox(), run.kernel(), new OutputQuery(StreamChoice.STDOUT, telling.read, PAGE_BYTES, left));
            page.frames().forEach(telling::take);
            if (page.eof() && !telling.ended) {
                telling.endOf(reading.advance(execs, run, Duration.ofSeconds(10)));
                return new RunEventPage(telling.events, telling.next, telling.ended);
            }
            // A line that is longer than a page is read on, so that there is always something to tell or nothing to
            // read.
            more = telling.events.isEmpty()
                    && !telling.ended
                    && (left.isPositive() || !page.frames().isEmpty());
        }
        return new RunEventPage(telling.events, telling.next, telling.ended);
    }

    /** What is told in one answer. */
    private static final class Telling {
        private final ContextRun run;
        private final List<RunEvent> events = new ArrayList<>();
        private final LineSplitter lines;
        private long read;
        private long next;
        private boolean ended;

        Telling(ContextRun run, long from, boolean within) {
            this.run = run;
            this.lines = new LineSplitter(within);
            // With the byte before, a line that begins right here is known to.
            this.read = within ? from - 1 : from;
            this.next = from;
        }

        void take(OutputFrame frame) {
            lines.take(frame.bytes(), (line, end) -> {
                next = frame.offset() + end;
                if (!ended) {
                    KernelLines.read(line).ifPresent(said -> tell(said, frame.time()));
                }
            });
            read = frame.endOffset();
        }

        void endOf(RunOutcome outcome) {
            outcome.reason().ifPresent(reason -> {
                outcome.error().ifPresent(error -> tell(error, outcome));
                events.add(new RunEvent.Ended(outcome.endedAt().orElse(run.createdAt()), reason));
                ended = true;
            });
        }

        private void tell(RunError error, RunOutcome outcome) {
            events.add(new RunEvent.Failed(outcome.endedAt().orElse(run.createdAt()), error));
        }

        private void tell(KernelLine said, Instant when) {
            String mine = run.id().value();
            switch (said) {
                case KernelLine.Started started
                when started.run().equals(mine) -> events.add(new RunEvent.Started(when, started.count()));
                case KernelLine.Output output
                when output.run().equals(mine) ->
                    events.add(new RunEvent.Output(when, output.stream(), output.bytes()));
                case KernelLine.Shown shown
                when shown.run().equals(mine) -> events.add(new RunEvent.Shown(when, shown.result()));
                case KernelLine.Failed failed
                when failed.run().equals(mine) -> events.add(new RunEvent.Failed(when, failed.error()));
                case KernelLine.Ended over
                when over.run().equals(mine) -> {
                    events.add(new RunEvent.Ended(when, RunFold.reason(over.status(), run, when)));
                    ended = true;
                }
                case KernelLine.Ready _,
                        KernelLine.Started _,
                        KernelLine.Output _,
                        KernelLine.Shown _,
                        KernelLine.Failed _,
                        KernelLine.Ended _ -> {}
            }
        }
    }
}
