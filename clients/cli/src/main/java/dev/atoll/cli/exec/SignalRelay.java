package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
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
 * Passes the signals that reach us on to the command's process group. Before there is a command, a signal ends what we do at the
 * next checkpoint, so that what was made is removed; a second one that asks for the end becomes SIGKILL, and a third one ends us
 * at once, for when nothing answers.
 * Signals arrive on threads of the JVM's.
 */
public final class SignalRelay {
    private static final List<String> ASKING_FOR_THE_END = List.of("SIGINT", "SIGTERM", "SIGHUP");

    private final ApiClient api;
    private final StandardStreams streams;
    private final Signals.Source signals;
    private final IntConsumer endNow;

    private int endsAsked;
    private @Nullable String pending;
    private @Nullable String execPath;

    /** @param endNow ends the process with an exit code, whatever else is going on */
    public SignalRelay(ApiClient api, StandardStreams streams, Signals.Source signals, IntConsumer endNow) {
        this.api = api;
        this.streams = streams;
        this.signals = signals;
        this.endNow = endNow;
    }

    /** From now on signals come here. */
    public void takeOver() {
        signals.takeOver(this::take);
    }

    /** Ends what is going on, by an exception, when a signal has come before there was a command. */
    public void checkpoint() {
        String signal = take();
        if (signal != null) {
            throw new InterruptedBySignalException(signal);
        }
    }

    private synchronized @Nullable String take() {
        String signal = pending;
        pending = null;
        return signal;
    }

    /** Names the command that gets the signals from now on; one that has come already goes to it at once. */
    void target(String path) {
        String signal;
        synchronized (this) {
            execPath = path;
            signal = take();
        }
        if (signal != null) {
            send(path, signal);
        }
    }

    void take(String signal) {
        String path;
        int ends;
        synchronized (this) {
            if (ASKING_FOR_THE_END.contains(signal)) {
                endsAsked++;
            } else if (execPath == null) {
                return;
            }
            ends = endsAsked;
            path = execPath;
            if (path == null) {
                pending = signal;
            }
        }
        if (ends > (path == null ? 1 : 2)) {
            streams.note("atoll: given up; what was made may still be there, see ./atoll ls\n");
            endNow.accept(ExitCode.SIGNAL_BASE + SignalNumber.of(signal));
        } else if (path != null) {
            send(path, ends == 2 ? "SIGKILL" : signal);
        }
    }

    private void send(String path, String signal) {
        JsonObject request = new JsonObject();
        request.put("signal", signal);
        try {
            api.post(path + "/signal", request);
        } catch (ProblemException notSent) {
            if (!notSent.problem().is("exec_ended") && !notSent.problem().is("sandbox_stopped")) {
                streams.note("atoll: " + signal + " could not be passed on: "
                        + notSent.problem().detail() + "\n");
            }
        }
    }
}
