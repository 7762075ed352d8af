package dev.atoll.cli.platform;

import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code down}: stops the platform on this machine and waits until it has ended. Its sandboxes go on and are taken over by the next
 * platform, unless they are to be drained.
 */
public final class DownCommand implements Action {
    /** Longest wait for the server to end, in milliseconds. */
    static final long WITHIN_MILLIS = 60_000;

    /** Longest wait when it has sandboxes to end first. */
    static final long DRAINED_WITHIN_MILLIS = 660_000;

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
            if (invocation.has("drain")) {
                askToDrain();
            }
            stop(server.get(), invocation);
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

    private void askToDrain() {
        Path request = settings.home().resolve("server.drain");
        try {
            Files.writeString(request, "");
        } catch (IOException failed) {
            throw Problem.of(
                            "not_permitted",
                            ExitCode.NOT_PERMITTED,
                            "The wish to end all sandboxes cannot be written to " + request + ".",
                            "Use sudo.")
                    .asException();
        }
    }

    private void stop(ServerProcess server, Invocation invocation) {
        boolean drain = invocation.has("drain");
        long within = drain ? DRAINED_WITHIN_MILLIS : WITHIN_MILLIS;
        String doing = drain ? "ending the sandboxes and stopping the platform" : "stopping the platform";
        if (!server.askToStop() && server.isAlive()) {
            throw Problem.of(
                            "not_permitted",
                            ExitCode.NOT_PERMITTED,
                            "This user may not stop process " + server.pid() + ".",
                            "Use sudo.")
                    .asException();
        }
        long start = timing.nanos();
        try (Progress progress = Progress.of(streams, timing, invocation.quiet(), doing)) {
            while (server.isAlive()) {
                if (timing.millisSince(start) > within) {
                    throw stuck(server, within).asException();
                }
                progress.at("");
                timing.pause(POLL);
            }
        }
    }

    private Problem stuck(ServerProcess server, long within) {
        return Problem.of(
                "server_stuck",
                ExitCode.TEMPORARY,
                "Process " + server.pid() + " has not ended within " + within / 1_000 + " s.",
                "Look at " + settings.logFile() + "; kill -9 " + server.pid()
                        + " loses nothing that was acknowledged.");
    }
}
