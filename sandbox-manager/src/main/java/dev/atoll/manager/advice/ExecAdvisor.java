package dev.atoll.manager.advice;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what stands out about an exec. It guesses from outside; what it says is a hint and never changes what the record says. Thread-safe.
 */
public final class ExecAdvisor {
    /** Silence of a running command that is worth a word. */
    static final Duration QUIET = Duration.ofSeconds(30);

    private static final int NOT_FOUND = 127;

    private final Execs execs;
    private final Sandboxes sandboxes;
    private final Clock clock;

    public ExecAdvisor(Execs execs, Sandboxes sandboxes, Clock clock) {
        this.execs = execs;
        this.sandboxes = sandboxes;
        this.clock = clock;
    }

    /** Costs a call to the host for a command that is running, to the database for one that ran out of memory, and nothing otherwise. */
    public Advice on(Caller caller, Exec exec) {
        return exec.end().map(end -> onEnd(caller, exec, end)).orElseGet(() -> onRunning(caller, exec));
    }

    private Advice onEnd(Caller caller, Exec exec, ExecEnd end) {
        return switch (end.reason()) {
            case EXITED ->
                end.exitCode().orElse(0) == NOT_FOUND && end.error().isPresent()
                        ? new Advice(
                                "The program is not in the sandbox; see which tools there are.",
                                List.of("GET /v1/sandboxes/" + exec.sandbox() + "/describe"))
                        : Advice.NONE;
            case SIGNALED -> Advice.NONE;
            case TIMEOUT ->
                new Advice(
                        "It was killed after its timeout of "
                                + exec.spec().timeout().map(TimeSpan::format).orElse("?")
                                + "; what it had written stays. Send a longer timeout, or run less at once.",
                        List.of());
            case CPU_LIMIT ->
                new Advice("It used the CPU time that its limits allow. Send a higher limits.cpu_time.", List.of());
            case OUTPUT_LIMIT ->
                new Advice(
                        "It wrote as much as its limits allow. Send a higher limits.output_bytes, or write to a file.",
                        List.of());
            case OOM -> onOom(caller, exec, end);
            case SANDBOX_STOPPED ->
                new Advice("The sandbox ended under it; its files are gone.", List.of("POST /v1/sandboxes"));
            case HOST_LOST ->
                new Advice(
                        "The host went away; whether the command finished is not known. This is the platform's doing.",
                        List.of("POST /v1/sandboxes"));
        };
    }

    private Advice onOom(Caller caller, Exec exec, ExecEnd end) {
        Optional<MemorySize> limit = Optional.empty();
        try {
            limit = Optional.of(
                    sandboxes.get(caller, exec.sandbox()).spec().size().memory());
        } catch (ProblemException forgotten) {
            // The sandbox is not known any more: the advice has to do without its size.
        }
        String peak = end.peakMemoryBytes() > 0
                ? " One process held " + mebibytes(end.peakMemoryBytes()) + "Mi at its peak."
                : "";
        return new Advice(
                "The sandbox used all of its memory"
                        + limit.map(size -> " (" + size + ")").orElse("") + "." + peak
                        + " Make one with more memory"
                        + limit.map(size -> ", such as " + mebibytes(2 * size.bytes()) + "Mi")
                                .orElse("")
                        + ", or use less at once.",
                List.of("POST /v1/sandboxes"));
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }

    private Advice onRunning(Caller caller, Exec exec) {
        String path = "/v1/sandboxes/" + exec.sandbox() + "/execs/" + exec.id();
        List<String> next = new ArrayList<>(List.of("GET " + path + "?wait=60s"));
        Duration quiet = Duration.between(lastSign(caller, exec), clock.instant());
        if (quiet.compareTo(QUIET) < 0) {
            return new Advice("", next);
        }
        boolean takesInput = exec.spec().stdin() && !exec.inputClosed();
        if (takesInput) {
            next.add("POST " + path + "/input?offset=" + exec.inputOffset());
        }
        next.add("POST " + path + "/signal");
        return new Advice(
                "No output for " + quiet.toSeconds() + " s. It may work silently"
                        + (takesInput ? ", or wait for input: send some" : "")
                        + "; wait on, or send a signal.",
                next);
    }

    /** When it wrote last, or started. */
    private Instant lastSign(Caller caller, Exec exec) {
        long written = exec.output().totalBytes();
        if (written == 0) {
            return exec.startedAt();
        }
        OutputQuery last = new OutputQuery(StreamChoice.ALL, written - 1, 1, Duration.ZERO);
        try {
            return execs.read(caller, exec.sandbox(), exec.id(), last).frames().stream()
                    .map(OutputFrame::time)
                    .reduce(exec.startedAt(), (earlier, later) -> later);
        } catch (ProblemException gone) {
            // It writes so fast that the byte is gone already, or it has ended meanwhile: it is anything but quiet.
            return clock.instant();
        }
    }
}
