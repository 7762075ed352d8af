package dev.atoll.cli.code;

import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.SignalNumber;
import dev.atoll.cli.terminal.Signals;
import dev.atoll.cli.terminal.StandardStreams;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes an interrupt of the run of what asks us to end. The second such signal gives up waiting: the run may go on then, as its context is
 * nobody's alone and is not killed for it. Signals arrive on threads of the JVM's.
 */
public final class RunInterrupts {
    private static final List<String> ASKING_FOR_THE_END = List.of("SIGINT", "SIGTERM", "SIGHUP");

    private final ApiClient api;
    private final StandardStreams streams;
    private final Signals.Source signals;
    private final IntConsumer endNow;
    private int asked;
    private @Nullable String contextPath;

    /** @param endNow ends the process with an exit code, whatever else is going on */
    public RunInterrupts(ApiClient api, StandardStreams streams, Signals.Source signals, IntConsumer endNow) {
        this.api = api;
        this.streams = streams;
        this.signals = signals;
        this.endNow = endNow;
    }

    /** From now on signals interrupt what runs in the context. */
    void target(String path) {
        synchronized (this) {
            contextPath = path;
        }
        signals.takeOver(this::take);
    }

    private void take(String signal) {
        if (!ASKING_FOR_THE_END.contains(signal)) {
            return;
        }
        int count;
        synchronized (this) {
            count = ++asked;
        }
        if (count > 1) {
            streams.note("atoll: given up; the code may still run, see ./atoll code ls\n");
            endNow.accept(ExitCode.SIGNAL_BASE + SignalNumber.of(signal));
        } else {
            interrupt();
        }
    }

    /** Interrupts the run, if it has not ended. */
    void interrupt() {
        String path;
        synchronized (this) {
            path = contextPath;
        }
        try {
            api.post(path + "/interrupt");
        } catch (ProblemException notSent) {
            if (!notSent.problem().is("context_dead")) {
                streams.note("atoll: the run could not be interrupted: "
                        + notSent.problem().detail() + "\n");
            }
        }
    }
}
