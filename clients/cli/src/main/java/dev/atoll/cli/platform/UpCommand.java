package dev.atoll.cli.platform;

import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.Signals;
import dev.atoll.cli.terminal.StandardStreams;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code up}: the platform in the foreground, or detached. */
public final class UpCommand implements Action {
    private final Settings settings;
    private final ApiClient api;
    private final LocalPlatform platform;
    private final StandardStreams streams;
    private final Signals.Source signals;

    public UpCommand(
            Settings settings, ApiClient api, LocalPlatform platform, StandardStreams streams, Signals.Source signals) {
        this.settings = settings;
        this.api = api;
        this.platform = platform;
        this.streams = streams;
        this.signals = signals;
    }

    @Override
    public int run(Invocation invocation) {
        invocation.noOperands();
        boolean already = answers() || ServerProcess.find(settings.pidFile()).isPresent();
        if (!already && !invocation.has("detach")) {
            return foreground();
        }
        platform.ensureReady(invocation.quiet(), () -> {});
        report(invocation, already);
        return ExitCode.OK.number();
    }

    private boolean answers() {
        try {
            api.readiness();
            return true;
        } catch (ProblemException problem) {
            if (problem.problem().is(Problem.NOT_ATOLL)) {
                throw problem;
            }
            return false;
        }
    }

    /** Ends when the server does. Ctrl-C is how it is meant to end, so that is a success. */
    private int foreground() {
        Process server = new ServerLaunch(settings).inForeground();
        AtomicBoolean asked = new AtomicBoolean();
        signals.takeOver(signal -> {
            if (!signal.startsWith("SIGUSR") && !signal.equals("SIGALRM")) {
                asked.set(true);
                server.destroy();
            }
        });
        while (true) {
            try {
                int code = server.waitFor();
                return asked.get() ? ExitCode.OK.number() : code;
            } catch (InterruptedException nobodyInterruptsUs) {
                server.destroy();
            }
        }
    }

    private void report(Invocation invocation, boolean already) {
        Optional<ServerProcess> process = ServerProcess.find(settings.pidFile());
        if (invocation.json()) {
            streams.line(JsonWriter.string()
                    .object()
                    .value("url", api.endpoint().toString())
                    .value("already_running", already)
                    .value("pid", process.map(ServerProcess::pid).orElse(null))
                    .value("log", settings.logFile().toString())
                    .end()
                    .done());
        } else if (!invocation.quiet()) {
            String pid = process.map(found -> ", pid " + found.pid()).orElse("");
            String state = already ? "already runs" : "runs";
            streams.line("The platform " + state + " at " + api.endpoint() + pid + ". Its log: " + settings.logFile());
        }
    }
}
