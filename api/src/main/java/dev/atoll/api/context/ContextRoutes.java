package dev.atoll.api.context;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.context.CodeContexts;
import dev.atoll.manager.context.ContextView;
import dev.atoll.model.context.ContextSpec;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The routes of code contexts, but for their runs. */
public final class ContextRoutes {
    static final String PATH = SandboxRoutes.PATH + "/{sandbox_id}/contexts";
    static final String ONE = PATH + "/{context_id}";

    private static final Set<String> FIELDS = Set.of("language", "cwd", "env", "user");
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final CodeContexts contexts;

    public ContextRoutes(CodeContexts contexts) {
        this.contexts = contexts;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("createContext", Method.POST, PATH, Set.of(), this::create),
                Route.of("listContexts", Method.GET, PATH, Set.of(), this::list),
                Route.of("getContext", Method.GET, ONE, Set.of(), this::get),
                Route.of("deleteContext", Method.DELETE, ONE, Set.of(), this::delete),
                Route.of("interruptContext", Method.POST, ONE + "/interrupt", Set.of(), this::interrupt),
                Route.of("restartContext", Method.POST, ONE + "/restart", Set.of(), this::restart));
    }

    static ContextId id(Call call) {
        return new ContextId(call.path("context_id"));
    }

    private void create(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        var key = IdempotencyKeys.of(call);
        JsonFields fields = call.json(FIELDS);
        ContextSpec spec = new ContextSpec(
                fields.requiredText("language"), fields.text("cwd"), fields.textMap("env"), fields.text("user"));
        ContextView made = contexts.create(call.caller(), sandbox, spec, key);
        call.location(SandboxRoutes.PATH + "/" + sandbox + "/contexts/"
                + made.context().id());
        call.answer(CREATED, json -> ContextJson.write(json, made));
    }

    private void list(Call call) throws IOException {
        List<ContextView> all = contexts.list(call.caller(), SandboxRoutes.id(call));
        call.answer(OK, json -> ContextJson.writeList(json, all));
    }

    private void get(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        answer(call, contexts.get(call.caller(), sandbox, id(call)));
    }

    private void delete(Call call) {
        SandboxId sandbox = SandboxRoutes.id(call);
        contexts.delete(call.caller(), sandbox, id(call));
        call.done();
    }

    private void interrupt(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        IdempotencyKeys.of(call);
        answer(call, contexts.interrupt(call.caller(), sandbox, id(call)));
    }

    private void restart(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        IdempotencyKeys.of(call);
        answer(call, contexts.restart(call.caller(), sandbox, id(call)));
    }

    private static void answer(Call call, ContextView view) throws IOException {
        call.answer(OK, json -> ContextJson.write(json, view));
    }
}
