package dev.atoll.cli.exec;

import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.sandbox.SandboxDirectory;
import java.util.function.Supplier;

/** {@code exec}: a command in a sandbox that exists. */
public final class ExecCommand implements Action {
    private final ApiClient api;
    private final ExecSession session;
    private final Supplier<SignalRelay> relays;

    public ExecCommand(ApiClient api, ExecSession session, Supplier<SignalRelay> relays) {
        this.api = api;
        this.session = session;
        this.relays = relays;
    }

    @Override
    public int run(Invocation invocation) {
        String sandbox = invocation.operand("sandbox");
        if (invocation.commandLine().isEmpty()) {
            throw invocation.usage("Say which command to run, after --.");
        }
        session.check(invocation);
        String id = new SandboxDirectory(api).id(sandbox);
        SignalRelay relay = relays.get();
        relay.takeOver();
        return session.run(id, invocation, invocation.pairs("env"), relay).exitCode();
    }
}
