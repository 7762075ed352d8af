package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.advice.ExecAdvisor;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.view.OutputView;
import dev.atoll.manager.view.OutputViews;
import dev.atoll.model.exec.Exec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Output as a reader with little room sees it: as JSON, or as text that begins with a line of facts. */
public final class ViewRoutes {
    private static final String PLAIN = "text/plain";
    private static final List<String> FORMS = List.of(MediaTypes.JSON, PLAIN);
    private static final int OK = 200;

    private final Execs execs;
    private final OutputViews views;
    private final ExecAdvisor advisor;

    public ViewRoutes(Execs execs, OutputViews views, ExecAdvisor advisor) {
        this.execs = execs;
        this.views = views;
        this.advisor = advisor;
    }

    public List<Route> routes() {
        return List.of(Route.of(
                "viewExecOutput", Method.GET, ExecRoutes.ONE + "/output/view", ViewParameters.ALL, this::view));
    }

    private void view(Call call) throws IOException {
        Duration wait = call.query().waitFor(Duration.ZERO);
        String form = MediaTypes.chosen(call.header("Accept"), FORMS);
        var wanted = ViewParameters.read(call.query());
        Exec exec = execs.get(call.caller(), SandboxRoutes.id(call), ExecRoutes.id(call), wait);
        OutputView view = views.look(call.caller(), exec, wanted);
        if (form.equals(PLAIN)) {
            String text = ExecText.of(exec, view, advisor.on(call.caller(), exec));
            call.answer(OK, MediaTypes.TEXT, text.getBytes(StandardCharsets.UTF_8));
        } else {
            call.answer(OK, json -> ViewJson.write(json, exec, view));
        }
    }
}
