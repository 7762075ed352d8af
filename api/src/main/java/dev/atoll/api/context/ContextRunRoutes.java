package dev.atoll.api.context;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.context.ContextRuns;
import dev.atoll.manager.context.RunEventPage;
import dev.atoll.manager.context.RunView;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.TimeSpan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of the runs of code contexts. */
public final class ContextRunRoutes {
    private static final String PATH = ContextRoutes.ONE + "/runs";
    private static final String ONE = PATH + "/{context_run_id}";
    private static final Set<String> FIELDS = Set.of("code", "timeout");
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final ContextRuns runs;

    public ContextRunRoutes(ContextRuns runs) {
        this.runs = runs;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("createContextRun", Method.POST, PATH, Set.of("wait"), this::create),
                Route.of("listContextRuns", Method.GET, PATH, Set.of(), this::list),
                Route.of("getContextRun", Method.GET, ONE, Set.of("wait"), this::get),
                Route.of("getContextRunEvents", Method.GET, ONE + "/events", Set.of("cursor", "wait"), this::events));
    }

    private static ContextRunId id(Call call) {
        return new ContextRunId(call.path("context_run_id"));
    }

    private void create(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ContextId context = ContextRoutes.id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        var key = IdempotencyKeys.of(call);
        JsonFields fields = call.json(FIELDS);
        RunView view = runs.start(
                call.caller(),
                sandbox,
                context,
                fields.requiredText("code"),
                fields.text("timeout", ContextRunRoutes::timeout),
                key,
                wait);
        call.location(SandboxRoutes.PATH + "/" + sandbox + "/contexts/" + context + "/runs/"
                + view.run().id());
        call.answer(CREATED, json -> RunJson.write(json, view));
    }

    /** What an exec may have. */
    private static Duration timeout(String text) {
        return ExecSpec.of("true").withTimeout(TimeSpan.parse(text)).timeout().orElseThrow();
    }

    private void list(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        List<ContextRun> all = runs.list(call.caller(), sandbox, ContextRoutes.id(call));
        call.answer(OK, json -> RunJson.writeList(json, all));
    }

    private void get(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ContextId context = ContextRoutes.id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        RunView view = runs.get(call.caller(), sandbox, context, id(call), wait);
        call.answer(OK, json -> RunJson.write(json, view));
    }

    private void events(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ContextId context = ContextRoutes.id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        Optional<Long> cursor = call.query().one("cursor").map(ContextRunRoutes::cursor);
        RunEventPage page = runs.events(call.caller(), sandbox, context, id(call), cursor, wait);
        call.answer(OK, json -> RunJson.writeEvents(json, page));
    }

    private static long cursor(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.of(
                            ProblemCode.INVALID_CURSOR,
                            "The cursor is not one of ours.",
                            "Send next_cursor of an answer, or nothing to begin.")
                    .asException();
        }
        return Long.parseLong(text);
    }
}
