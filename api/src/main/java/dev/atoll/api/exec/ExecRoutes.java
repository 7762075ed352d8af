package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.advice.ExecAdvisor;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.view.OutputView;
import dev.atoll.manager.view.OutputViews;
import dev.atoll.manager.view.ViewRequest;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes of execs, but for their output. */
public final class ExecRoutes {
    static final String PATH = SandboxRoutes.PATH + "/{sandbox_id}/execs";
    /** The path of one. */
    public static final String ONE = PATH + "/{exec_id}";

    /** How long input waits for a process that does not read, when nothing is said. */
    static final Duration DEFAULT_INPUT_WAIT = Duration.ofSeconds(10);

    /** The query of routes that answer with an exec. */
    public static final Set<String> WAIT_AND_VIEW =
            Stream.concat(Stream.of("wait"), ViewParameters.ON_EXEC.stream()).collect(Collectors.toUnmodifiableSet());

    private static final int OK = 200;
    private static final int CREATED = 201;

    private final Execs execs;
    private final InlineOutputs inline;
    private final OutputViews views;
    private final ExecAdvisor advisor;

    public ExecRoutes(Execs execs, OutputViews views, ExecAdvisor advisor) {
        this.execs = execs;
        this.inline = new InlineOutputs(execs);
        this.views = views;
        this.advisor = advisor;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("createExec", Method.POST, PATH, WAIT_AND_VIEW, this::create),
                Route.of("listExecs", Method.GET, PATH, Set.of(), this::list),
                Route.of("putExec", Method.PUT, ONE, WAIT_AND_VIEW, this::put),
                Route.of("getExec", Method.GET, ONE, WAIT_AND_VIEW, this::get),
                Route.of("writeExecInput", Method.POST, ONE + "/input", Set.of("offset", "close", "wait"), this::write),
                Route.of("signalExec", Method.POST, ONE + "/signal", Set.of(), this::signal));
    }

    /** The exec that the path names. */
    public static ExecId id(Call call) {
        return new ExecId(call.path("exec_id"));
    }

    private void create(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        // What cannot be read is refused before anything is started.
        Optional<ViewRequest> wanted = ViewParameters.onExec(call.query());
        var key = IdempotencyKeys.of(call);
        JsonFields fields = call.json(ExecRequest.WITH_INPUT);
        Exec exec = execs.start(call.caller(), sandbox, ExecRequest.read(fields), ExecRequest.input(fields), key, wait);
        answerStarted(call, exec, wait, wanted);
    }

    /** Answers with an exec that was begun by the call, as {@code view} parameters of its query want it. */
    public void answerStarted(Call call, Exec exec, Duration wait) throws IOException {
        answerStarted(call, exec, wait, ViewParameters.onExec(call.query()));
    }

    private void answerStarted(Call call, Exec exec, Duration wait, Optional<ViewRequest> wanted) throws IOException {
        call.location(SandboxRoutes.PATH + "/" + exec.sandbox() + "/execs/" + exec.id());
        if (wait.isPositive()) {
            call.timed();
        }
        answer(call, CREATED, exec, wait, wanted);
    }

    /** The caller names the exec, so it can ask again without a key, and ask for it before it has an answer. */
    private void put(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId id = id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        Optional<ViewRequest> wanted = ViewParameters.onExec(call.query());
        IdempotencyKeys.of(call);
        JsonFields fields = call.json(ExecRequest.WITH_INPUT);
        Exec exec =
                execs.startAs(call.caller(), sandbox, id, ExecRequest.read(fields), ExecRequest.input(fields), wait);
        if (wait.isPositive()) {
            call.timed();
        }
        answer(call, OK, exec, wait, wanted);
    }

    private void list(Call call) throws IOException {
        List<Exec> all = execs.list(call.caller(), SandboxRoutes.id(call));
        call.answer(OK, json -> ExecJson.writeList(json, all));
    }

    private void get(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId id = id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        Optional<ViewRequest> wanted = ViewParameters.onExec(call.query());
        answer(call, OK, execs.get(call.caller(), sandbox, id, wait), wait, wanted);
    }

    private void answer(Call call, int status, Exec exec, Duration wait, Optional<ViewRequest> wanted)
            throws IOException {
        ExecAnswer beside;
        if (wanted.isPresent()) {
            OutputView view = views.look(call.caller(), exec, wanted.get());
            beside = new ExecAnswer(Optional.empty(), Optional.of(view), advisor.on(call.caller(), exec));
        } else if (wait.isPositive()) {
            Optional<InlineOutputs.Both> output =
                    exec.state() == ExecState.ENDED ? Optional.of(inline.read(call.caller(), exec)) : Optional.empty();
            beside = new ExecAnswer(output, Optional.empty(), advisor.on(call.caller(), exec));
        } else {
            beside = ExecAnswer.BARE;
        }
        call.answer(status, json -> ExecJson.write(json, exec, beside));
    }

    private void write(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId id = id(call);
        IdempotencyKeys.of(call);
        if (call.query().one("offset").isEmpty()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The query parameter 'offset' is missing.",
                            "Send where in stdin the body belongs: offset=0 for the first bytes.")
                    .asException();
        }
        long offset = call.query().number("offset", 0, Long.MAX_VALUE, 0);
        boolean close = call.query().truth("close", false);
        Duration wait = call.query().waitFor(DEFAULT_INPUT_WAIT);
        byte[] data = call.bytes(HttpLimits.MAX_INPUT_BYTES);
        InputAccepted accepted = execs.write(call.caller(), sandbox, id, offset, data, close, wait);
        call.answer(OK, json -> {
            json.writeStartObject();
            json.writeNumberProperty("next_offset", accepted.nextOffset());
            json.writeBooleanProperty("closed", accepted.closed());
            json.writeEndObject();
        });
    }

    private void signal(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId id = id(call);
        SignalRequest request = SignalRequest.read(call);
        execs.signal(call.caller(), sandbox, id, request.number(), request.target(), IdempotencyKeys.of(call));
        call.done();
    }
}
