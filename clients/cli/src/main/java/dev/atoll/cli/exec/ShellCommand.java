package dev.atoll.cli.exec;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds.Input;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code shell}: as ssh to a sandbox; on a terminal when our stdin is one, otherwise with our streams for its own. */
public final class ShellCommand implements Action {
    /** The better of the shells that the image has. */
    private static final List<String> LOGIN_SHELL =
            List.of("/bin/sh", "-c", "if command -v bash >/dev/null 2>&1; then exec bash -l; else exec sh -l; fi");

    private final ApiClient api;
    private final ExecSession session;
    private final StandardStreams streams;
    private final Supplier<SignalRelay> relays;

    public ShellCommand(ApiClient api, ExecSession session, StandardStreams streams, Supplier<SignalRelay> relays) {
        this.api = api;
        this.session = session;
        this.streams = streams;
        this.relays = relays;
    }

    @Override
    public int run(Invocation invocation) {
        String sandbox = new SandboxDirectory(api).id(invocation.operand("sandbox"));
        Map<String, String> env = invocation.pairs("env");
        SignalRelay relay = relays.get();
        relay.takeOver();
        boolean terminal = streams.kinds().input() == Input.TERMINAL && !invocation.json();
        return terminal
                ? session.onTerminal(sandbox, request(invocation, true), env, invocation.quiet(), relay)
                        .exitCode()
                : session.overPipes(sandbox, invocation, stdin -> request(invocation, stdin), env, relay);
    }

    private static JsonObject request(Invocation invocation, boolean stdin) {
        JsonObject request = ExecFlags.request(invocation, stdin);
        if (invocation.commandLine().isEmpty()) {
            request.put("argv", new JsonArray(LOGIN_SHELL));
        }
        return request;
    }
}
