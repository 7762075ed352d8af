package dev.atoll.cli.platform;

import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.time.Duration;
import java.util.Optional;

/** {@code down}: stops the platform on this machine and waits until it has ended. */
public final class DownCommand implements Action {
    /** Longest wait for the server to end, in milliseconds. */
    static final long WITHIN_MILLIS = 60_000;

    private static final Duration POLL = Duration.ofMillis(50);

    private final Settings settings;
    private final StandardStreams streams;
    private final Timing timing;

    public DownCommand(Settings settings, StandardStreams streams, Timing timing) {
        this.settings = settings;
        this.streams = streams;
        this.timing = timing;
    }

    @Override
    public int run(Invocation invocation) {
        invocation.noOperands();
        Optional<ServerProcess> server = ServerProcess.find(settings.pidFile());
        if (server.isPresent()) {
            stop(server.get(), invocation.quiet());
        }
        if (invocation.json()) {
            streams.line(JsonWriter.string()
                    .object()
                    .value("stopped", server.isPresent())
                    .value("pid", server.map(ServerProcess::pid).orElse(null))
                    .end()
                    .done());
        } else if (!invocation.quiet()) {
            streams.line(server.map(found -> "The platform has stopped (pid " + found.pid() + ").")
                    .orElse("No platform runs from " + settings.home() + "."));
        }
        return ExitCode.OK.number();
    }

    private void stop(ServerProcess server, boolean quiet) {
        if (!server.askToStop() && server.isAlive()) {
            throw Problem.of(
                            "not_permitted",
                            ExitCode.NOT_PERMITTED,
                            "This user may not stop process " + server.pid() + ".",
                            "Use sudo.")
                    .asException();
        }
        long start = timing.nanos();
        try (Progress progress = Progress.of(streams, timing, quiet, "stopping the platform")) {
            while (server.isAlive()) {
                if (timing.millisSince(start) > WITHIN_MILLIS) {
                    throw stuck(server).asException();
                }
                progress.at("");
                timing.pause(POLL);
            }
        }
    }

    private Problem stuck(ServerProcess server) {
        return Problem.of(
                "server_stuck",
                ExitCode.TEMPORARY,
                "Process " + server.pid() + " has not ended within " + WITHIN_MILLIS / 1_000 + " s.",
                "Look at " + settings.logFile() + "; kill -9 " + server.pid()
                        + " loses nothing that was acknowledged.");
    }
}
