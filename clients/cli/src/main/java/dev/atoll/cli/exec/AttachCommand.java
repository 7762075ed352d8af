package dev.atoll.cli.exec;

import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import java.util.function.Supplier;

/** {@code attach}: back to a command that was let go of, or beside whoever is at it. */
public final class AttachCommand implements Action {
    /** Bytes that are shown again: more than any screen holds. */
    private static final long SCREEN_BYTES = 16 * 1_024;

    private final ApiClient api;
    private final ExecSession session;
    private final Supplier<SignalRelay> relays;

    public AttachCommand(ApiClient api, ExecSession session, Supplier<SignalRelay> relays) {
        this.api = api;
        this.session = session;
        this.relays = relays;
    }

    @Override
    public int run(Invocation invocation) {
        ExecChoice choice = ExecChoice.of(invocation, api);
        SignalRelay relay = relays.get();
        relay.takeOver();
        return session.comeBack(choice.sandboxId(), choice.path(), SCREEN_BYTES, invocation.quiet(), relay)
                .exitCode();
    }
}
