package dev.atoll.manager.context;

import dev.atoll.manager.exec.SandboxExecs;
import dev.atoll.manager.timer.Timers;
import dev.atoll.model.id.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** The use cases on code contexts and what they share, put together. {@code deadlines} is to be started. */
public record ContextParts(CodeContexts contexts, ContextRuns runs, RunDeadlines deadlines) {
    public static ContextParts assemble(
            SandboxExecs sandboxes, ContextStore store, Ids ids, Timers timers, Clock clock, MeterRegistry meters) {
        RunReading reading = new RunReading(store);
        CodeContexts contexts = new CodeContexts(sandboxes, store, reading, ids, clock, meters);
        RunDeadlines deadlines = new RunDeadlines(sandboxes, store, reading, timers, clock);
        return new ContextParts(
                contexts,
                new ContextRuns(sandboxes, contexts, store, reading, deadlines, ids, clock, meters),
                deadlines);
    }
}
