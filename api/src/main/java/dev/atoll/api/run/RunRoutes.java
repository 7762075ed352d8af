package dev.atoll.api.run;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.manager.advice.Advice;
import dev.atoll.manager.advice.ExecAdvisor;
import dev.atoll.manager.run.Run;
import dev.atoll.manager.run.RunOutcome;
import dev.atoll.manager.run.RunSpec;
import dev.atoll.manager.run.Runs;
import dev.atoll.model.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of runs. */
public final class RunRoutes {
    private static final String PATH = "/v1/runs";
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    /** Below the minute after which many clients give up. */
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(45);

    /** To kill a command and read what it has left takes less, unless its host does not answer. */
    private static final Duration CANCEL_WAIT = Duration.ofSeconds(10);

    private final Runs runs;
    private final ExecAdvisor advisor;

    public RunRoutes(Runs runs, ExecAdvisor advisor) {
        this.runs = runs;
        this.advisor = advisor;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("createRun", Method.POST, PATH, Set.of("wait"), this::create),
                Route.of("getRun", Method.GET, PATH + "/{run_id}", Set.of("wait"), this::get),
                Route.of("cancelRun", Method.POST, PATH + "/{run_id}/cancel", Set.of("wait"), this::cancel));
    }

    private void create(Call call) throws IOException {
        Duration wait = call.query().waitFor(DEFAULT_WAIT);
        var key = IdempotencyKeys.of(call);
        RunSpec spec = RunRequest.read(call);
        // From here on the runs under way count what they hold.
        call.forgetBody();
        Run run = runs.begin(call.caller(), spec, key, wait);
        // A run that never came to its command is answered like any other request that could not be met.
        run.outcome()
                .filter(outcome -> outcome.exec().isEmpty())
                .flatMap(RunOutcome::problem)
                .ifPresent(problem -> {
                    throw problem.asException();
                });
        call.location(PATH + "/" + run.id());
        answer(call, run.outcome().isPresent() ? OK : ACCEPTED, run);
    }

    private void get(Call call) throws IOException {
        Duration wait = call.query().waitFor(Duration.ZERO);
        answer(call, OK, runs.get(call.caller(), new RunId(call.path("run_id")), wait));
    }

    private void cancel(Call call) throws IOException {
        Duration wait = call.query().waitFor(CANCEL_WAIT);
        IdempotencyKeys.of(call);
        answer(call, OK, runs.cancel(call.caller(), new RunId(call.path("run_id")), wait));
    }

    private void answer(Call call, int status, Run run) throws IOException {
        Optional<Advice> advice = run.outcome()
                .flatMap(RunOutcome::exec)
                .filter(exec -> exec.end().isPresent())
                .map(exec -> advisor.on(call.caller(), exec));
        String requestId = call.requestId();
        call.answer(status, json -> RunJson.write(json, run, advice.orElse(Advice.NONE), requestId));
    }
}
