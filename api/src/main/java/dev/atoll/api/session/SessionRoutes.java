package dev.atoll.api.session;

import dev.atoll.api.exec.ExecRoutes;
import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.session.SessionView;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.SessionId;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.session.SessionCommand;
import dev.atoll.model.session.SessionShell;
import dev.atoll.model.session.SessionSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes of shell sessions. */
public final class SessionRoutes {
    private static final String PATH = SandboxRoutes.PATH + "/{sandbox_id}/sessions";
    private static final String ONE = PATH + "/{session_id}";
    private static final Words<SessionShell> SHELLS = Words.of(SessionShell.class);
    private static final Set<String> FIELDS = Set.of("name", "cwd", "env", "user", "shell");
    private static final Set<String> COMMAND_FIELDS = Set.of("command", "stdin", "timeout");
    private static final Set<String> QUERY = Stream.concat(ExecRoutes.WAIT_AND_VIEW.stream(), Stream.of("queue"))
            .collect(Collectors.toUnmodifiableSet());
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final ShellSessions sessions;
    private final ExecRoutes execs;

    /** @param execs answers with what the commands of a session are */
    public SessionRoutes(ShellSessions sessions, ExecRoutes execs) {
        this.sessions = sessions;
        this.execs = execs;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("createSession", Method.POST, PATH, Set.of(), this::create),
                Route.of("listSessions", Method.GET, PATH, Set.of(), this::list),
                Route.of("getSession", Method.GET, ONE, Set.of(), this::get),
                Route.of("deleteSession", Method.DELETE, ONE, Set.of(), this::delete),
                Route.of("createSessionExec", Method.POST, ONE + "/execs", QUERY, this::run));
    }

    private static SessionId id(Call call) {
        return new SessionId(call.path("session_id"));
    }

    private void create(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        var key = IdempotencyKeys.of(call);
        JsonFields fields = call.json(FIELDS);
        SessionSpec spec = new SessionSpec(
                fields.text("name"),
                fields.text("cwd"),
                fields.textMap("env"),
                fields.text("user"),
                fields.text("shell", word -> SHELLS.read("shell", word)));
        SessionView made = sessions.create(call.caller(), sandbox, spec, key);
        call.location(SandboxRoutes.PATH + "/" + sandbox + "/sessions/"
                + made.session().id());
        call.answer(CREATED, json -> SessionJson.write(json, made));
    }

    private void list(Call call) throws IOException {
        List<SessionView> all = sessions.list(call.caller(), SandboxRoutes.id(call));
        call.answer(OK, json -> SessionJson.writeList(json, all));
    }

    private void get(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        SessionView found = sessions.get(call.caller(), sandbox, id(call));
        call.answer(OK, json -> SessionJson.write(json, found));
    }

    private void delete(Call call) {
        SandboxId sandbox = SandboxRoutes.id(call);
        sessions.delete(call.caller(), sandbox, id(call));
        call.done();
    }

    private void run(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        SessionId id = id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        boolean queue = call.query().truth("queue", false);
        var key = IdempotencyKeys.of(call);
        JsonFields fields = call.json(COMMAND_FIELDS);
        SessionCommand command = new SessionCommand(
                fields.requiredText("command"),
                fields.truth("stdin").orElse(false),
                fields.text("timeout", TimeSpan::parse));
        Exec exec = sessions.run(call.caller(), sandbox, id, command, queue, key, wait);
        execs.answerStarted(call, exec, wait);
    }
}
