package dev.atoll.cli.run;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.exec.ExecSession;
import dev.atoll.cli.exec.SignalRelay;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.platform.LocalPlatform;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxCreation;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.StandardStreams;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code run}: a sandbox for one command. It is deleted whatever happens to the command or to us, short of SIGKILL; then its time
 * to live ends it. The answer to the deletion is not waited for longer than it takes to be durable: the platform takes the sandbox
 * down after we have ended.
 */
public final class RunCommand implements Action {
    /**
     * How long the sandbox of a run may live when nothing was said: long enough for any command, short enough for one that was
     * abandoned.
     */
    static final String DEFAULT_TTL = "1d";

    private final ApiClient api;
    private final LocalPlatform platform;
    private final SandboxCreation creation;
    private final ExecSession session;
    private final Supplier<SignalRelay> relays;
    private final StandardStreams streams;

    public RunCommand(
            ApiClient api,
            LocalPlatform platform,
            SandboxCreation creation,
            ExecSession session,
            Supplier<SignalRelay> relays,
            StandardStreams streams) {
        this.api = api;
        this.platform = platform;
        this.creation = creation;
        this.session = session;
        this.relays = relays;
        this.streams = streams;
    }

    @Override
    public int run(Invocation invocation) {
        if (invocation.commandLine().isEmpty()) {
            throw invocation.usage("Say which command to run, after --.");
        }
        session.check(invocation);
        JsonObject request = SandboxCreation.request(invocation);
        request.putIfAbsent("ttl", DEFAULT_TTL);
        SignalRelay relay = relays.get();
        relay.takeOver();
        Answer asked = ask(request, invocation.quiet(), relay);
        String id = asked.json().getString("id", "");
        boolean keep = invocation.has("keep");
        try {
            creation.awaitRunning(asked, invocation.quiet(), relay::checkpoint);
            ExecSession.Result result = session.run(id, invocation, Map.of(), relay);
            keep |= result.goesOn();
            return result.exitCode();
        } finally {
            end(id, keep);
        }
    }

    /** Asks for the sandbox at once, because a platform nearly always runs; only when none does is one started. */
    private Answer ask(JsonObject request, boolean quiet, SignalRelay relay) {
        try {
            return creation.ask(request, quiet, relay::checkpoint);
        } catch (ProblemException refused) {
            if (api.endpoint().given() || !needsPlatform(refused.problem())) {
                throw refused;
            }
        }
        platform.ensureReady(quiet, relay::checkpoint);
        return creation.ask(request, quiet, relay::checkpoint);
    }

    private static boolean needsPlatform(Problem problem) {
        return problem.is(Problem.UNREACHABLE) || problem.is(Problem.KEY_MISSING) || problem.is("host_unavailable");
    }

    private void end(String id, boolean keep) {
        if (keep) {
            streams.note("atoll: the sandbox is kept: " + id + "\n");
            return;
        }
        try {
            api.delete(SandboxDirectory.path(id));
        } catch (ProblemException notDeleted) {
            streams.note("atoll: the sandbox " + id + " could not be deleted: "
                    + notDeleted.problem().detail() + "\n  hint: ./atoll rm " + id + "\n");
        }
    }
}
