package dev.atoll.cli.session;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.exec.ExecSession;
import dev.atoll.cli.exec.SignalRelay;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds.Input;
import dev.atoll.cli.terminal.Utf8Text;
import java.util.List;
import java.util.function.Supplier;

/** {@code session run}: a command in a session, with our streams and signals for its own. */
public final class SessionRunCommand implements Action {
    /** The options of {@code session run}. */
    public static final List<Flag> FLAGS = List.of(
            Flag.of("session", "SESSION", "which, by id or name; a name that is new makes one; unset means default"),
            Flag.of("timeout", "DURATION", "kill the command after this long, such as 30s or 10m"),
            Flag.sign("queue", "when a command runs in the session, wait for its end"),
            Flag.sign(
                    "interactive", 'i', "pass stdin on; so it is without this too, unless it is /dev/null or closed"));

    private static final String DEFAULT = "default";
    /** Most bytes of a command, what Linux lets one argument have. */
    private static final int MAX_COMMAND_BYTES = 131_071;

    private static final String STEP = "30s";

    private final ApiClient api;
    private final ExecSession execs;
    private final StandardStreams streams;
    private final Supplier<SignalRelay> relays;

    public SessionRunCommand(ApiClient api, ExecSession execs, StandardStreams streams, Supplier<SignalRelay> relays) {
        this.api = api;
        this.execs = execs;
        this.streams = streams;
        this.relays = relays;
    }

    @Override
    public int run(Invocation invocation) {
        String sandbox = invocation.operand("sandbox");
        boolean fromInput = invocation.commandLine().isEmpty();
        JsonObject request = new JsonObject();
        request.put("command", fromInput ? script(invocation) : ShellWords.command(invocation.commandLine()));
        boolean stdin = !fromInput && execs.passesStdin(invocation);
        request.put("stdin", stdin);
        invocation.value("timeout").ifPresent(timeout -> request.put("timeout", timeout));
        String id = new SandboxDirectory(api).id(sandbox);
        SignalRelay relay = relays.get();
        relay.takeOver();
        SessionChoice choice = new SessionChoice(api, id);
        String session = choice.path(choice.idOrNew(invocation.value("session").orElse(DEFAULT)));
        JsonObject exec = start(session, id, request, invocation.has("queue"), relay);
        return execs.join(id, exec, stdin, invocation, relay);
    }

    /** Without a command line, stdin is the command. */
    private String script(Invocation invocation) {
        if (streams.kinds().input() != Input.DATA) {
            throw invocation.usage("Say which command to run, after --, or give it on stdin.");
        }
        return Utf8Text.of("stdin", streams.in(), MAX_COMMAND_BYTES);
    }

    private JsonObject start(String session, String sandboxId, JsonObject request, boolean queue, SignalRelay relay) {
        while (true) {
            relay.checkpoint();
            try {
                return api.post(session + "/execs", request).json();
            } catch (ProblemException refused) {
                if (!queue || !refused.problem().is("session_busy")) {
                    throw refused;
                }
            }
            String running = api.get(session).json().getString("last_exec_id", "");
            if (!running.isEmpty()) {
                api.get(Query.on(SandboxDirectory.path(sandboxId) + "/execs/" + running)
                        .with("wait", STEP)
                        .path());
            }
        }
    }
}
