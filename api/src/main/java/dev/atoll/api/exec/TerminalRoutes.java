package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.exec.Execs;
import dev.atoll.model.exec.TerminalSize;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What can be done to an exec's terminal. */
public final class TerminalRoutes {
    private final Execs execs;

    public TerminalRoutes(Execs execs) {
        this.execs = execs;
    }

    public List<Route> routes() {
        return List.of(Route.of("resizeExec", Method.POST, ExecRoutes.ONE + "/resize", Set.of(), this::resize));
    }

    private void resize(Call call) throws IOException {
        IdempotencyKeys.of(call);
        TerminalSize size = SizeRequest.size(call.json(SizeRequest.FIELDS));
        execs.resize(call.caller(), SandboxRoutes.id(call), ExecRoutes.id(call), size);
        call.done();
    }
}
